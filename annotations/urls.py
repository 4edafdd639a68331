"""The addresses of texts with what readers wrote about them."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
