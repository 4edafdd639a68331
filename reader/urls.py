"""The site map."""

from django.contrib import admin
from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from reader.views import (
    accounts,
    desk,
    drafts,
    health,
    imports,
    leaving,
    pictures,
    preferences,
    readings,
    revisions,
    sharing,
    sign_ins,
)


class HashConverter(StringConverter):
    """The SHA-256 of a file, in hexadecimal digits."""

    regex = "[0-9a-f]{64}"


handler400 = "reader.views.errors.bad_request"
handler429 = "reader.views.errors.accounts_too_often"
handler500 = "reader.views.errors.server_error"

register_converter(HashConverter, "hash")

# Tried one after the other, so what is asked for most often comes first.
urlpatterns = [
    path("", include("annotations.urls")),
    path("pictures/<hash:hash>/", pictures.picture, name="picture"),
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
    path("robots.txt", sharing.robots, name="robots"),
    path("manifest.webmanifest", sharing.manifest, name="manifest"),
    path("favicon.ico", sharing.icon, {"name": "favicon.ico"}, name="favicon"),
    path("apple-touch-icon.png", sharing.icon, {"name": "apple-touch-icon.png"}, name="apple-touch-icon"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("preferences/", preferences.remember, name="preferences"),
    path("articles/<slug:slug>/readings/", readings.remember, name="readings"),
    path("accounts/", accounts.overview, name="account"),
    path("accounts/name/", accounts.name, name="account-name"),
    path("accounts/sessions/", sign_ins.sessions, name="account-sessions"),
    path("accounts/sessions/end/", sign_ins.end_others, name="account-end-others"),
    path("accounts/sessions/<int:pk>/end/", sign_ins.end, name="account-end"),
    path("accounts/leave/", leaving.leave, name="account-leave"),
    path("accounts/reopen/", leaving.reopen, name="account-reopen"),
    path("accounts/data/", accounts.data, name="account-data"),
    path("accounts/signup/", accounts.signup, name="account_signup"),
    path("accounts/two-factor/", include("allauth.mfa.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
]
