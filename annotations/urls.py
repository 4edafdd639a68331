"""The addresses of texts with what readers wrote about them."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from annotations.views import anchors, annotations, paragraphs, readers, reading, review, revisions


class PlaceConverter(StringConverter):
    """The name of a block of text, such as p7, or "whole" for the article itself."""

    regex = "[a-z][0-9]{1,10}|whole"


register_converter(PlaceConverter, "place")

urlpatterns = [
    path("articles/<slug:slug>/", reading.reading, name="reading"),
    path("", reading.library, name="library"),
    path("articles/<slug:slug>/<place:name>/", paragraphs.paragraph, name="paragraph"),
    path("articles/<slug:slug>/<place:name>/annotations/", paragraphs.attach, name="attach"),
    path("articles/<slug:slug>/revisions/<int:number>/", revisions.revision, name="revision"),
    path("articles/<slug:slug>/orphans/", anchors.orphans, name="orphans"),
    path("annotations/<int:pk>/", annotations.annotation, name="annotation"),
    path("annotations/<int:pk>/replies/", annotations.replies, name="replies"),
    path("annotations/<int:pk>/edit/", annotations.edit, name="edit"),
    path("annotations/<int:pk>/withdraw/", annotations.withdraw, name="withdraw"),
    path("annotations/<int:pk>/reports/", annotations.flags, name="flags"),
    path("annotations/<int:pk>/anchor/", anchors.anchor, name="anchor"),
    path("annotations/<int:pk>/confirmation/", anchors.confirm, name="confirm"),
    path("drafts/<int:pk>/review/", review.review, name="review"),
    path("readers/<str:username>/", readers.reader, name="reader"),
]
