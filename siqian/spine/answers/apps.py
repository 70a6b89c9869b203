from django.apps import AppConfig


class AnswersConfig(AppConfig):
    name = "siqian.spine.answers"
    label = "answers"
