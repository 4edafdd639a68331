"""The site map."""

from django.contrib import admin
from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from reader.views import accounts, desk, drafts, health, imports, pictures, preferences, revisions


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
    path("desk/", desk.desk, name="desk"),
    path("articles/<slug:slug>/drafts/", desk.revise, name="revise"),
    path("articles/<slug:slug>/status/", desk.status, name="article-status"),
    path("drafts/<int:pk>/", drafts.draft, name="draft"),
    path("drafts/<int:pk>/text/", drafts.text, name="draft-text"),
    path("drafts/<int:pk>/conflict/", drafts.conflict, name="draft-conflict"),
    path("drafts/<int:pk>/publication/", drafts.publication, name="publish-draft"),
    path("drafts/<int:pk>/discard/", drafts.discard, name="discard-draft"),
    path("desk/import/", imports.bring_in, name="import"),
    path("desk/import/<int:pk>/", imports.bring_in_again, name="import-again"),
    path("drafts/<int:pk>/progress/", imports.progress, name="draft-progress"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("preferences/", preferences.remember, name="preferences"),
    path("accounts/signup/", accounts.signup, name="account_signup"),
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
]
