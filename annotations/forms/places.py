"""Which words something is about, and which of them have a source already."""

from collections.abc import Sequence

from django import forms

from annotations import sourcing
from annotations.accepting import NotAccepted
from annotations.models import Annotation
from reader.models import Article, Paragraph
from reader.text.spans import Span


class PlaceForm(forms.Form):
    """The words that something is about."""

    # "words" (from start to end), "paragraph", "article", or "s0", "s1", … for a sentence.
    place = forms.CharField(max_length=10, required=False)
    start = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    end = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def span(self, paragraph: Paragraph) -> Span:
        """Give where the words are. Raises NotAccepted when none are chosen."""
        place = self.cleaned_data["place"]
        if place == "paragraph":
            return paragraph.span
        if place.startswith("s"):
            return self._sentence(paragraph, place)
        start, end = self.cleaned_data["start"], self.cleaned_data["end"]
        if start is None or end is None:
            raise NotAccepted("Choose the words this is about.", field="place")
        return Span(start, end)

    def _sentence(self, paragraph: Paragraph, place: str) -> Span:
        spans = paragraph.sentence_spans
        index = int(place[1:]) if place[1:].isdecimal() else len(spans)
        if index >= len(spans):
            raise NotAccepted("That sentence is not in this paragraph. Please choose again.", field="place")
        return spans[index]


class SourceSearchForm(PlaceForm):
    """A source as it is being written: its address, and the words it is for."""

    kind = forms.CharField(required=False)
    url = forms.CharField(required=False)

    def known(self) -> sourcing.Known:
        """Give what is known about the document."""
        return sourcing.known(self.cleaned_data["url"])

    def citations(self, *, article: Article, paragraph: Paragraph | None) -> Sequence[Annotation]:
        """Give what cites it at the same words already; nothing for what is not posted as a source."""
        if self.cleaned_data["kind"] != Annotation.Kind.SOURCE:
            return ()
        try:
            span = self.span(paragraph) if paragraph else None
        except NotAccepted:
            return ()
        return sourcing.citations(self.cleaned_data["url"], article=article, span=span)
