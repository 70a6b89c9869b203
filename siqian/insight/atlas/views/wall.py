def wall(request):
    raise NotImplementedError


def now(request):
    raise NotImplementedError
