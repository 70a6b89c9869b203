from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "siqian.insight.review"
    label = "review"
