"""The site map."""

from django.contrib import admin
from django.urls import include, path

from reader.views import accounts, health, preferences

# Tried one after the other, so what is asked for most often comes first.
urlpatterns = [
    path("", include("annotations.urls")),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("preferences/", preferences.remember, name="preferences"),
    path("accounts/signup/", accounts.signup, name="account_signup"),
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
]
