"""The addresses of texts with what readers wrote about them."""

from django.contrib import admin
from django.urls import path, register_converter
from django.urls.converters import StringConverter

from annotations.admin import queue, texts
from annotations.admin import readers as records
from annotations.views import (
    anchors,
    annotations,
    appeals,
    archiving,
    asking,
    cards,
    composing,
    disagreement,
    documents,
    editions,
    exports,
    following,
    log,
    muting,
    news,
    notices,
    paragraphs,
    positions,
    ratings,
    readers,
    reading,
    review,
    revisions,
    sitemaps,
    verdicts,
)


class PlaceConverter(StringConverter):
    """The name of a block of text, such as p7, or "whole" for the article itself."""

    regex = "[a-z][0-9]{1,10}|whole"


register_converter(PlaceConverter, "place")

urlpatterns = [
    path("articles/<slug:slug>/", reading.reading, name="reading"),
    path("articles/<slug:slug>/activity/", news.activity, name="activity"),
    path("articles/<slug:slug>/news/", news.news, name="news"),
    path("", reading.library, name="library"),
    path("articles/<slug:slug>/<place:name>/", paragraphs.paragraph, name="paragraph"),
    path("articles/<slug:slug>/<place:name>/annotations/", paragraphs.attach, name="attach"),
    path("articles/<slug:slug>/<place:name>/request/", asking.ask, name="ask"),
    path("articles/<slug:slug>/requests/", asking.requests, name="requests"),
    path("requests/", asking.all_requests, name="all-requests"),
    path("desk/requests/", asking.desk_requests, name="desk-requests"),
    path("articles/<slug:slug>/<place:name>/known-source/", composing.known_source, name="known-source"),
    path("preview/", composing.preview, name="preview"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemaps.section, name="sitemap-section"),
    path("articles/<slug:slug>/card.png", cards.card, name="card"),
    path("articles/<slug:slug>/revisions/", revisions.revisions, name="revisions"),
    path("articles/<slug:slug>/revisions/<int:number>/", revisions.revision, name="revision"),
    path("articles/<slug:slug>/disputes/", disagreement.disputes, name="disputes"),
    path("articles/<slug:slug>/sources/", documents.sources, name="sources"),
    path("documents/<int:pk>/same-story/", documents.same_story, name="same-story"),
    path("articles/<slug:slug>/orphans/", anchors.orphans, name="orphans"),
    path("articles/<slug:slug>/edition/", editions.edition, name="edition"),
    path("annotations/<int:pk>/", annotations.annotation, name="annotation"),
    path("annotations/<int:pk>/replies/", annotations.replies, name="replies"),
    path("annotations/<int:pk>/edit/", annotations.edit, name="edit"),
    path("annotations/<int:pk>/wordings/", annotations.earlier, name="wordings"),
    path("annotations/<int:pk>/withdraw/", annotations.withdraw, name="withdraw"),
    path("annotations/<int:pk>/reinstatement/", annotations.reinstate, name="reinstate"),
    path("annotations/<int:pk>/reports/", annotations.flags, name="flags"),
    path("annotations/<int:pk>/appeal/", appeals.appeal, name="appeal"),
    path("annotations/<int:pk>/position/", positions.position, name="position"),
    path("annotations/<int:pk>/rating/", ratings.rating, name="rating"),
    path("annotations/<int:pk>/change-of-mind/", positions.mind, name="mind"),
    path("annotations/<int:pk>/asks/", asking.asks, name="asks"),
    path("annotations/<int:pk>/answers/", asking.answers, name="answers"),
    path("answers/<int:pk>/", asking.answer, name="answer"),
    path("sources/<int:pk>/verdict/", verdicts.verdict, name="verdict"),
    path("sources/<int:pk>/verdicts/", verdicts.given, name="verdicts"),
    path("sources/<int:pk>/archived-copy/", archiving.archived_copy, name="archived-copy"),
    path("annotations/<int:pk>/anchor/", anchors.anchor, name="anchor"),
    path("annotations/<int:pk>/confirmation/", anchors.confirm, name="confirm"),
    path("annotations/<int:pk>/restatement/", disagreement.restatement, name="restatement"),
    path("annotations/<int:pk>/resolution/", disagreement.resolution, name="resolution"),
    path("restatements/<int:pk>/judgement/", disagreement.judgement, name="judgement"),
    path("restatements/<int:pk>/removal/", disagreement.removal, name="removal"),
    path("resolutions/<int:pk>/settlement/", disagreement.settlement, name="settlement"),
    path("drafts/<int:pk>/review/", review.review, name="review"),
    path("moderation/log/", log.log, name="moderation-log"),
    path("moderation/log/feed/", log.feed, name="moderation-log-feed"),
    path("readers/<str:username>/", readers.reader, name="reader"),
    path("following/", following.followed, name="following"),
    path("notices/", notices.notices, name="notices"),
    path("notices/mail/", notices.mail, name="notices-by-mail"),
    path("notices/mail/<str:token>/", notices.unsubscribe, name="unsubscribe"),
    path("annotations/<int:pk>/subscription/", following.thread, name="follow-thread"),
    path("accounts/export/", exports.exports, name="exports"),
    path("accounts/export/<str:token>/", exports.export, name="export"),
    path("following/muted/", muting.muted, name="muted"),
    path("readers/<str:username>/mute/", muting.mute, name="mute"),
    path("readers/<str:username>/subscription/", following.person, name="follow-person"),
    # Before the panel's own, whose first page it takes: moderators begin with what waits.
    path("admin/", admin.site.admin_view(queue.front), name="front"),
    path("admin/queue/", admin.site.admin_view(queue.queue), name="queue"),
    path("admin/queue/figures/", admin.site.admin_view(queue.figures), name="figures"),
    path("admin/queue/<int:pk>/", admin.site.admin_view(queue.case), name="case"),
    path("admin/queue/decisions/<int:pk>/undo/", admin.site.admin_view(queue.undo), name="undo-decision"),
    path("admin/articles/<slug:slug>/", admin.site.admin_view(texts.restraints), name="restraints"),
    path("admin/readers/<str:username>/", admin.site.admin_view(records.record), name="record"),
    path("admin/readers/<str:username>/suspensions/", admin.site.admin_view(records.suspend), name="suspend"),
    path("admin/readers/<str:username>/purge/", admin.site.admin_view(records.purge), name="purge"),
    path("admin/readers/<str:username>/purge/undo/", admin.site.admin_view(records.unpurge), name="unpurge"),
    path("admin/suspensions/<int:pk>/lift/", admin.site.admin_view(records.lift), name="lift-suspension"),
]
