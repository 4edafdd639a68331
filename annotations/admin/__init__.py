"""The moderators' panel: the queue, annotations, reports and the log, with one door for everybody."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin

from annotations.admin.annotations import AnnotationAdmin
from annotations.admin.log import ModerationEntryAdmin
from annotations.admin.reports import FlagAdmin
from annotations.admin.restraints import (
    AppealAdmin,
    KnownSiteAdmin,
    ReasonTemplateAdmin,
    SuspensionAdmin,
    WatchedTermAdmin,
)
from annotations.admin.sources import SourceAdmin

__all__ = [
    "AnnotationAdmin",
    "AppealAdmin",
    "FlagAdmin",
    "KnownSiteAdmin",
    "ModerationEntryAdmin",
    "ReasonTemplateAdmin",
    "SourceAdmin",
    "SuspensionAdmin",
    "WatchedTermAdmin",
]

admin.site.site_header = admin.site.site_title = "Gloss moderation"
admin.site.index_title = "What readers wrote, and the texts they wrote it about"
# Staff sign in where everybody does, under the same limits on guessing.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
