"""The site map."""

from django.contrib import admin
from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from reader.views import accounts, health, pictures, preferences, revisions


class HashConverter(StringConverter):
    """The SHA-256 of a file, in hexadecimal digits."""

    regex = "[0-9a-f]{64}"


register_converter(HashConverter, "hash")

# Tried one after the other, so what is asked for most often comes first.
urlpatterns = [
    path("", include("annotations.urls")),
    path("pictures/<hash:hash>/", pictures.picture, name="picture"),
    path("articles/<slug:slug>/revisions/", revisions.revisions, name="revisions"),
    path("articles/<slug:slug>/revisions/<int:one>..<int:other>/", revisions.comparison, name="comparison"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("preferences/", preferences.remember, name="preferences"),
    path("accounts/signup/", accounts.signup, name="account_signup"),
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
]
