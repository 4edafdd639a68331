"""What an annotation and an answer are written in."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from annotations import accepting, annotating, asking, holding, restating
from annotations.accepting import NotAccepted, SourceDraft
from annotations.annotating import Target
from annotations.asking import Open
from annotations.forms.acts import ActForm, Words
from annotations.forms.disagreement import restatement_field
from annotations.forms.places import PlaceForm
from annotations.models import Annotation, Source
from annotations.models.annotations import BODY_MAX_LENGTH
from reader.models import Article, Paragraph, User

# What a form may ask a reader to choose; a reply is made from its own form.
KINDS = [
    (Annotation.Kind.NOTE, "Note"),
    (Annotation.Kind.SOURCE, "Source"),
    (Annotation.Kind.DISAGREEMENT, "Disagree"),
    (Annotation.Kind.QUESTION, "Ask"),
]

_SOURCE_FIELDS = ("url", "stance", "title", "publisher", "published_on", "excerpt", "locator")
_STANCES = [("", "Choose…"), *Source.Stance.choices]
_GROUNDS = [("", "Choose…"), *Annotation.Grounds.choices]
_MARKDOWN = "Markdown: *emphasis*, **strong**, > quotation, lists and links."
# Ids as a hidden field brings them; no database counts farther.
# Ticks, each by a name of its own: a form that is shown again keeps one value a name.
_ANSWERS = re.compile(r"answers_([0-9]{1,18})")
# So many open requests are offered to be answered.
_MOST_OFFERED = 6
_ID = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True)
class Offer:
    """An open request that what is being written may answer."""

    request: Open
    is_ticked: bool

    @property
    def name(self) -> str:
        """Name its tick."""
        return f"answers_{self.request.id}"


class WritingForm(ActForm):
    """A body, with the fields that some kinds add to it."""

    body = forms.CharField(
        label="Your words",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "data-limit": BODY_MAX_LENGTH}),
        help_text=_MARKDOWN,
    )
    grounds = forms.ChoiceField(label="What is wrong with these words", required=False, choices=_GROUNDS)
    would_change_my_mind = Words(
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
    title = Words(label="Title", required=False, max_length=300)
    publisher = Words(label="Publisher", required=False, max_length=200)
    published_on = forms.DateField(
        label="Date",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write the date as 2015-09-11."},
    )
    stance = forms.ChoiceField(label="What it does for these words", required=False, choices=_STANCES)
    excerpt = Words(
        label="The words that matter, quoted",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    locator = Words(label="Where in it", required=False, max_length=200, help_text="Page, section or minute.")

    def sources(self, kind: str) -> list[SourceDraft]:
        """Give the source that was filled in, if the kind can have one."""
        data = self.cleaned_data
        is_wanted = kind == Annotation.Kind.SOURCE or bool(data["url"].strip())
        if not is_wanted or kind == Annotation.Kind.QUESTION:
            return []
        return [SourceDraft(**{field: data[field] for field in _SOURCE_FIELDS})]


class AnnotationForm(WritingForm, PlaceForm):
    """A new annotation: its kind, the words it is about, and what it says."""

    kind = forms.ChoiceField(label="Kind", choices=KINDS, error_messages={"required": "Choose what you want to add."})
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    exact = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    token = forms.UUIDField(widget=forms.HiddenInput)
    # Annotations with the same source that the writer has been shown, by their ids.
    pointed_out = forms.CharField(required=False, widget=forms.HiddenInput)

    # What cites the same source at the same words, after an attempt that it stopped.
    citations: Sequence[Annotation] = ()
    # What is said when it has been posted.
    said = "Posted. Thank you."

    def offers(self, found: Sequence[Open], *, chosen: Collection[int] = ()) -> list[Offer]:
        """Give the open requests that may be answered, those first that are ticked; `chosen` are until one is sent."""
        sent = {int(name[1]) for key in (*self.data, *self.initial) if (name := _ANSWERS.fullmatch(key))}
        ticked = sent if self.is_bound or "body" in self.initial else set(chosen)
        offers = [Offer(each, each.id in ticked) for each in found]
        return sorted(offers, key=lambda offer: not offer.is_ticked)[:_MOST_OFFERED]

    def attach(self, *, article: Article, paragraph: Paragraph | None, creator: User) -> Annotation | None:
        """Attach the annotation, or give None and keep the errors."""
        if not self.is_valid():
            return None
        try:
            return self._post(article, self._target(paragraph), creator)
        except accepting.SourceAlreadyHere as refusal:
            # Said where the source is, and not as a mistake: the next attempt posts.
            self.citations = refusal.citations
            self._put("pointed_out", " ".join(str(citation.pk) for citation in refusal.citations))
        except NotAccepted as refusal:
            self.refuse(refusal)
        return None

    def _post(self, article: Article, target: Target, creator: User) -> Annotation:
        data = self.cleaned_data
        if data["kind"] == Annotation.Kind.QUESTION:
            asked = asking.ask(article=article, by=creator, target=target, token=data["token"], body=data["body"])
            self.said = asked.sentence
            return asked.posted
        sources = self.sources(data["kind"])
        posted = asking.attach(
            article=article,
            creator=creator,
            kind=data["kind"],
            target=target,
            body=data["body"],
            token=data["token"],
            sources=sources,
            grounds=data["grounds"],
            would_change_my_mind=data["would_change_my_mind"],
            pointed_out=[int(found) for found in _ID.findall(data["pointed_out"])],
            answers=self._answers() if sources else (),
        )
        self.said = holding.said(posted)
        return posted

    def _answers(self) -> list[int]:
        ticked = (_ANSWERS.fullmatch(key) for key, value in self.data.items() if value == "yes")
        return [int(name[1]) for name in ticked if name]

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


class EditForm(WritingForm):
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
        except accepting.EditConflict as refusal:
            # Saving again replaces what now stands, which the page shows.
            self.annotation = refusal.annotation
            self._put("version", str(refusal.annotation.version))
            self.refuse(refusal)
        except NotAccepted as refusal:
            self.refuse(refusal)
        return None


class ReplyForm(ActForm):
    """An answer."""

    body = forms.CharField(
        label="Your answer",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "data-limit": BODY_MAX_LENGTH}),
        help_text=_MARKDOWN,
    )
    restatement = restatement_field()
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
            return restating.answer(parent=parent, creator=creator, **self.cleaned_data)
        except NotAccepted as refusal:
            self.refuse(refusal)
        return None
