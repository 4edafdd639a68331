"""The site map."""

from django.contrib import admin
from django.urls import include, path

from reader.views import health

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
    path("", include("annotations.urls")),
]
