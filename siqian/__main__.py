"""`siqian`: the command line of the house."""

import os

from siqian.web.cli import house


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "siqian.web.settings")
    house(prog_name="siqian")


if __name__ == "__main__":
    main()
