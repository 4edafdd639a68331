"""What a request for a source is sent in, and what answers it."""

import uuid
from collections.abc import Sequence

from django import forms

from annotations import asking
from annotations.accepting import NotAccepted
from annotations.annotating import Target
from annotations.asking import Asked
from annotations.forms.acts import ActForm
from annotations.models import Annotation, Answer
from reader.models import Article, Paragraph, Revision, User
from reader.text.spans import Span


class AskForm(ActForm):
    """The words whose source is asked for: where they are in the revision that the reader saw."""

    revision = forms.IntegerField(min_value=1)
    start = forms.IntegerField(min_value=0, required=False)
    end = forms.IntegerField(min_value=1, required=False)

    def target(self, article: Article, block: Paragraph | None) -> Target | None:
        """Give what is asked about, as it stands in the text now; None and an error where it stands there no more."""
        current = article.current_revision
        if not self.is_valid() or current is None:
            return None
        seen = current
        if self.cleaned_data["revision"] != current.number:
            found = article.revisions.filter(number=self.cleaned_data["revision"]).first()
            if found is None:
                self.add_error(None, "That revision is not one of this text. Please choose the words again.")
                return None
            seen = found
        span = self._span()
        if span is None:
            return Target(revision_number=current.number, paragraph=block)
        exact = seen.quote(span)
        if seen.pk != current.pk:
            span = self._found(exact, current, block)
        return Target(revision_number=current.number, span=span, exact=exact) if span else None

    def ask(self, *, article: Article, block: Paragraph | None, by: User) -> Asked | None:
        """Ask, or give None and keep the errors."""
        target = self.target(article, block)
        if target is None:
            return None
        try:
            return asking.ask(article=article, by=by, target=target, token=uuid.uuid4())
        except NotAccepted as refusal:
            self.refuse(refusal)
        return None

    def _span(self) -> Span | None:
        start, end = self.cleaned_data["start"], self.cleaned_data["end"]
        return None if start is None or end is None else Span(start, end)

    def _found(self, exact: str, current: Revision, block: Paragraph | None) -> Span | None:
        """Give where words that were seen in an earlier revision stand in the block now, if they stand there once."""
        if block and exact.strip() and block.text.count(exact) == 1:
            start = block.start + block.text.index(exact)
            return Span(start, start + len(exact))
        self.add_error(None, "The article was revised meanwhile, and these words are no longer there as they were.")
        return None


class AnswerForm(ActForm):
    """Which of the annotations with a source answers a question."""

    annotation = forms.ModelChoiceField(
        Annotation.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Choose what answers it.", "invalid_choice": "Choose one of those that are here."},
    )

    def __init__(self, *args: object, question: Annotation, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.question = question
        self.auto_id = f"answer-{question.pk}-%s"
        self.candidates: Sequence[Annotation] = asking.candidates(question)
        chosen = self.fields["annotation"]
        assert isinstance(chosen, forms.ModelChoiceField)  # noqa: S101  (declared above; this tells the type checker)
        chosen.queryset = Annotation.objects.filter(pk__in=[each.pk for each in self.candidates])

    def answer(self, *, by: User) -> Answer | None:
        """Say that it answers, or give None and keep the errors."""
        if not self.is_valid():
            return None
        try:
            return asking.answer(question=self.question, annotation=self.cleaned_data["annotation"], by=by)
        except NotAccepted as refusal:
            self.refuse(refusal)
        return None
