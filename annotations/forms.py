"""What readers fill in. A form reads types and shows errors; the rules are the acts'."""

import re
import uuid
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.text import Truncator

from annotations import annotating, moderating, placing, sourcing
from annotations.annotating import NotAccepted, SourceDraft, Target
from annotations.models import Anchor, Annotation, Flag, ModerationEntry, Source
from annotations.models.annotations import BODY_MAX_LENGTH
from annotations.placing import Spot
from reader.models import Article, Paragraph, User
from reader.text.spans import Span

# What a form may ask a reader to choose; a reply is made from its own form.
KINDS = [
    (Annotation.Kind.NOTE, "Note"),
    (Annotation.Kind.SOURCE, "Source"),
    (Annotation.Kind.DISAGREEMENT, "Disagree"),
    (Annotation.Kind.QUESTION, "Ask"),
]

_SOURCE_FIELDS = ("url", "stance", "title", "publisher", "published_on", "excerpt", "locator")
# Of a block, in a list to choose from.
_OPENING_LENGTH = 70
_STANCES = [("", "Choose…"), *Source.Stance.choices]
_GROUNDS = [("", "Choose…"), *Annotation.Grounds.choices]
_MARKDOWN = "Markdown: *emphasis*, **strong**, > quotation, lists and links."
# Ids as a hidden field brings them; no database counts farther.
_ID = re.compile(r"[0-9]{1,18}")


class _Words(forms.CharField):
    """Words of limited length, counted as a reader would: the end of a line is one character.

    A browser counts in other units and cuts off what is pasted without a word, so it is only told the limit.
    """

    default_error_messages: ClassVar[dict[str, Any]] = {
        "max_length": "This is %(show_value)s characters long; %(limit_value)s is the most. Please shorten it."
    }

    def to_python(self, value: object) -> str:
        """Give the words with the ends of lines as they are kept."""
        return (super().to_python(value) or "").replace("\r\n", "\n")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Tell the page the limit, so that a script can count towards it."""
        attributes: dict[str, Any] = super().widget_attrs(widget)
        return {"data-limit": attributes.pop("maxlength"), **attributes}


class _ActForm(forms.Form):
    """A form that ends in an act, and shows why the act was not done."""

    def refuse(self, refusal: NotAccepted) -> None:
        """Show every reason at the field it is about."""
        for reason in (refusal, *refusal.others):
            self.add_error(reason.field if reason.field in self.fields else None, reason.message)
        if isinstance(refusal, annotating.AlreadyPosted):
            # The next post of this form is a new annotation.
            self._put("token", str(uuid.uuid4()))

    def refuse_draft(self) -> None:
        """Show that what was written cannot wait for its writer to sign in."""
        self.add_error(None, "This is too long to be kept while you sign in. Copy it, or shorten it, and then sign in.")

    def _put(self, name: str, value: str) -> None:
        """Replace one field of what was sent, for the form as it is shown again."""
        self.data = {**dict(self.data.items()), self.add_prefix(name): value}


class _WritingForm(_ActForm):
    """A body, with the fields that some kinds add to it."""

    body = forms.CharField(
        label="Your words",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "data-limit": BODY_MAX_LENGTH}),
        help_text=_MARKDOWN,
    )
    grounds = forms.ChoiceField(label="What is wrong with these words", required=False, choices=_GROUNDS)
    would_change_my_mind = _Words(
        label="What would change your mind",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Not required, and often the best part.",
    )
    # Whether a note or a disagreement shows the fields of a source; the address says whether there is one.
    has_source = forms.BooleanField(label="With a source", required=False)
    url = forms.CharField(
        label="Web address",
        required=False,
        widget=forms.TextInput(
            attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false", "placeholder": "https://"}
        ),
    )
    title = _Words(label="Title", required=False, max_length=300)
    publisher = _Words(label="Publisher", required=False, max_length=200)
    published_on = forms.DateField(
        label="Date",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write the date as 2015-09-11."},
    )
    stance = forms.ChoiceField(label="What it does for these words", required=False, choices=_STANCES)
    excerpt = _Words(
        label="The words that matter, quoted",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    locator = _Words(label="Where in it", required=False, max_length=200, help_text="Page, section or minute.")

    def sources(self, kind: str) -> list[SourceDraft]:
        """Give the source that was filled in, if the kind can have one."""
        data = self.cleaned_data
        is_wanted = kind == Annotation.Kind.SOURCE or bool(data["url"].strip())
        if not is_wanted or kind == Annotation.Kind.QUESTION:
            return []
        return [SourceDraft(**{field: data[field] for field in _SOURCE_FIELDS})]


class _PlaceForm(forms.Form):
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


class SourceSearchForm(_PlaceForm):
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


class AnnotationForm(_WritingForm, _PlaceForm):
    """A new annotation: its kind, the words it is about, and what it says."""

    kind = forms.ChoiceField(label="Kind", choices=KINDS, error_messages={"required": "Choose what you want to add."})
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    exact = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    token = forms.UUIDField(widget=forms.HiddenInput)
    # Annotations with the same source that the writer has been shown, by their ids.
    pointed_out = forms.CharField(required=False, widget=forms.HiddenInput)

    # What cites the same source at the same words, after an attempt that it stopped.
    citations: Sequence[Annotation] = ()

    def attach(self, *, article: Article, paragraph: Paragraph | None, creator: User) -> Annotation | None:
        """Attach the annotation, or give None and keep the errors."""
        if not self.is_valid():
            return None
        try:
            return annotating.attach(
                article=article,
                creator=creator,
                kind=self.cleaned_data["kind"],
                target=self._target(paragraph),
                body=self.cleaned_data["body"],
                token=self.cleaned_data["token"],
                sources=self.sources(self.cleaned_data["kind"]),
                grounds=self.cleaned_data["grounds"],
                would_change_my_mind=self.cleaned_data["would_change_my_mind"],
                pointed_out=[int(found) for found in _ID.findall(self.cleaned_data["pointed_out"])],
            )
        except annotating.SourceAlreadyHere as refusal:
            # Said where the source is, and not as a mistake: the next attempt posts.
            self.citations = refusal.citations
            self._put("pointed_out", " ".join(str(citation.pk) for citation in refusal.citations))
        except NotAccepted as refusal:
            self.refuse(refusal)
        return None

    def _target(self, paragraph: Paragraph | None) -> Target:
        number = self.cleaned_data["revision"]
        place = self.cleaned_data["place"]
        if paragraph is None:
            return Target(revision_number=number)
        if place == "paragraph":
            return Target(revision_number=number, paragraph=paragraph)
        span = self.span(paragraph)
        if place.startswith("s"):
            return Target(revision_number=number, span=span, exact=paragraph.revision.quote(span))
        exact = self.cleaned_data["exact"].replace("\r\n", "\n")
        return Target(revision_number=number, span=span, exact=exact)


class EditForm(_WritingForm):
    """One's own annotation, written anew."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, annotation: Annotation, **options: Any) -> None:
        self.annotation = annotation
        super().__init__(*args, **options)
        # Several forms may stand in one panel.
        self.auto_id = f"edit-{annotation.pk}-%s"

    @classmethod
    def of(cls, annotation: Annotation) -> "EditForm":
        """Give the form filled with what stands now."""
        source = annotation.sources.first()
        initial: dict[str, object] = {
            field: getattr(annotation, field) for field in ("body", "grounds", "would_change_my_mind", "version")
        }
        if source:
            initial |= {"has_source": True, **{field: getattr(source, field) for field in _SOURCE_FIELDS}}
        return cls(annotation=annotation, initial=initial)

    def save(self, *, by: User) -> Annotation | None:
        """Write the edit, or give None and keep the errors."""
        if not self.is_valid():
            return None
        try:
            return annotating.edit(
                annotation=self.annotation,
                by=by,
                version=self.cleaned_data["version"],
                body=self.cleaned_data["body"],
                sources=self.sources(self.annotation.kind),
                grounds=self.cleaned_data["grounds"],
                would_change_my_mind=self.cleaned_data["would_change_my_mind"],
            )
        except annotating.EditConflict as refusal:
            # Saving again replaces what now stands, which the page shows.
            self.annotation = refusal.annotation
            self._put("version", str(refusal.annotation.version))
            self.refuse(refusal)
        except NotAccepted as refusal:
            self.refuse(refusal)
        return None


class ReplyForm(_ActForm):
    """An answer."""

    body = forms.CharField(
        label="Your answer",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "data-limit": BODY_MAX_LENGTH}),
        help_text=_MARKDOWN,
    )
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, parent: Annotation, **options: Any) -> None:
        super().__init__(*args, **options)
        # As for editing.
        self.auto_id = f"reply-{parent.pk}-%s"

    def reply(self, *, parent: Annotation, creator: User) -> Annotation | None:
        """Post the answer, or give None and keep the errors."""
        if not self.is_valid():
            return None
        try:
            return annotating.reply(
                parent=parent, creator=creator, body=self.cleaned_data["body"], token=self.cleaned_data["token"]
            )
        except NotAccepted as refusal:
            self.refuse(refusal)
        return None


class FlagForm(forms.Form):
    """A report."""

    reason = forms.ChoiceField(
        label="What is wrong with it",
        choices=Flag.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a reason."},
    )
    details = forms.CharField(
        label="Anything a moderator should know",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ConfirmationForm(forms.Form):
    """That an annotation still applies, to the words that were seen."""

    seen = forms.CharField(widget=forms.HiddenInput)


class AnchorForm(forms.Form):
    """Where an annotation belongs, as a person sees it, and why."""

    WORDS, BLOCK, GONE = "words", "block", "gone"

    # Which anchor was seen; empty where there was none.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    to = forms.ChoiceField(
        label="It belongs to",
        choices=[(WORDS, "these words"), (BLOCK, "all of a paragraph"), (GONE, "nothing here: its words are gone")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose where it belongs."},
    )
    block = forms.ChoiceField(label="Paragraph", required=False)
    words = forms.CharField(
        label="The words",
        required=False,
        strip=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="As the text has them; copy them from there. They may go on into the next paragraph.",
    )
    which = forms.IntegerField(required=False, min_value=1)
    reason = forms.CharField(
        label="Why",
        required=False,
        max_length=moderating.REASON_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The log keeps it beside your name.",
    )

    def __init__(self, *args: Any, annotation: Annotation, blocks: Sequence[Paragraph], **options: Any) -> None:
        super().__init__(*args, **options)
        self.annotation = annotation
        self.places: Sequence[placing.Excerpt] = ()
        chosen = self.fields["block"]
        assert isinstance(chosen, forms.ChoiceField)  # noqa: S101  (declared above; this tells the type checker)
        chosen.choices = [("", "Choose…"), *((block.name, _opening(block)) for block in blocks)]

    @classmethod
    def of(cls, annotation: Annotation, blocks: Sequence[Paragraph], anchor: Anchor | None) -> "AnchorForm":
        """Give the form filled with where it stands, or with the words that it has lost."""
        span, block = (anchor.span, anchor.paragraph) if anchor else (None, None)
        is_block = block is not None and block.span == span
        initial: dict[str, object] = {
            "seen": anchor.key if anchor else "",
            "to": cls.BLOCK if is_block else cls.WORDS,
            "block": block.name if block else "",
            "words": anchor.revision.quote(span) if anchor and span else annotation.exact,
        }
        return cls(annotation=annotation, blocks=blocks, initial=initial)

    def set(self, *, by: User, anchor: Anchor | None) -> ModerationEntry | None:
        """Set the anchor, or give None and keep the errors; `anchor` is how it stands now, for the next attempt."""
        if not self.is_valid():
            return None
        try:
            return placing.set_by_hand(
                annotation=self.annotation,
                by=by,
                spot=self._spot(),
                reason=self.cleaned_data["reason"],
                seen=self.cleaned_data["seen"],
            )
        except placing.SeveralPlaces as refusal:
            self.places = refusal.places
            self.add_error("words", refusal.message)
        except moderating.Refused as refusal:
            self.data = {**dict(self.data.items()), "seen": anchor.key if anchor else ""}
            self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)
        return None

    def clean(self) -> dict[str, Any]:
        """Ask for what the choice needs."""
        cleaned = super().clean() or self.cleaned_data
        to = cleaned.get("to")
        if to in {self.WORDS, self.BLOCK} and not cleaned.get("block") and "block" not in self.errors:
            self.add_error("block", "Choose the paragraph.")
        if to == self.WORDS and not (cleaned.get("words") or "").strip():
            self.add_error("words", "Give the words, or choose all of the paragraph.")
        return cleaned

    def _spot(self) -> Spot:
        given = self.cleaned_data
        if given["to"] == self.GONE:
            return Spot()
        words = given["words"] if given["to"] == self.WORDS else ""
        return Spot(block=given["block"], words=words, which=given["which"] or 0)


def _opening(block: Paragraph) -> str:
    """Give a block's name with its first words."""
    return f"{block.label}: {Truncator(block.text).chars(_OPENING_LENGTH)}"
