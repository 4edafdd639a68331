"""An overtaken draft and the revision that overtook it, to choose from."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms
from django.http import QueryDict

from reader import drafting
from reader.draft_forms.pages import HeadForm
from reader.drafting import DraftConflict, DraftingError
from reader.models import Draft, Revision, User
from reader.text.comparison import Piece, compare
from reader.text.merging import Difference, Merged, MergedField

_Mergeable = TypeVar("_Mergeable", Merged, MergedField)


@dataclass(frozen=True)
class Choice:
    """One thing that a draft and a revision both changed: what each made of it, and which was chosen."""

    name: str
    label: str
    mine: tuple[Piece, ...]
    theirs: tuple[Piece, ...]
    chosen: str = ""
    mine_goes: bool = False
    theirs_goes: bool = False
    is_missing: bool = False


class ConflictForm:
    """What an overtaken draft and the revision that overtook it make together, and what is to be chosen."""

    def __init__(self, draft: Draft, data: QueryDict | None = None) -> None:
        self.draft = draft
        self.error = ""
        self._data = QueryDict() if data is None else data
        self._merge = drafting.merge_of(draft)

    @property
    def onto(self) -> Revision:
        return self._merge.onto

    @property
    def choices(self) -> list[Choice]:
        """Give what both changed: head matter first, then blocks in their order."""
        return [
            *map(self._choice_of_field, self._conflicts(self._merge.fields)),
            *map(self._choice_of_block, self._conflicts(self._merge.blocks)),
        ]

    @property
    def from_mine(self) -> list[str]:
        """Name what is taken as the draft has it."""
        fields = [each for each in self._merge.fields if not each.is_conflict and each.mine != each.theirs]
        labels = [_label(each.field) for each in fields if each.theirs == each.base]
        names = [each.name for each in self._merge.blocks if each.is_mine]
        new_count = names.count("")
        return [*labels, *filter(None, names), *([f"{new_count} new"] if new_count else [])]

    @property
    def from_theirs(self) -> list[str]:
        """Name what is taken as the revision has it."""
        fields = [each for each in self._merge.fields if not each.is_conflict and each.mine != each.theirs]
        labels = [_label(each.field) for each in fields if each.mine == each.base]
        return [*labels, *(each.name for each in self._merge.blocks if each.is_theirs)]

    def save(self, *, by: User) -> Draft | None:
        """Bring both together, or give None and keep the error."""
        place = OntoForm(self._data)
        if not place.is_valid():
            self.error = "The form did not arrive whole. Please choose again."
            return None
        choices = {each.name: str(self._data[each.name]) for each in self.choices if each.name in self._data}
        try:
            return drafting.rebase(draft=self.draft, by=by, choices=choices, **place.cleaned_data)
        except DraftConflict as conflict:
            self.draft, self._merge = conflict.draft, drafting.merge_of(conflict.draft)
            self.error = (
                "This draft was saved elsewhere meanwhile. Both texts are shown as they stand now; choose again."
            )
        except DraftingError as refusal:
            self.error = str(refusal)
        return None

    @staticmethod
    def _conflicts(merged: Iterable[_Mergeable]) -> list[_Mergeable]:
        return [each for each in merged if each.is_conflict]

    def _choice_of_field(self, merged: MergedField) -> Choice:
        return Choice(
            name=merged.field,
            label=_label(merged.field),
            mine=compare(merged.base, merged.mine),
            theirs=compare(merged.base, merged.theirs),
            **self._chosen(merged.field),
        )

    def _choice_of_block(self, merged: Merged) -> Choice:
        return Choice(
            name=merged.name,
            label=merged.name,
            mine=Difference(merged.base, merged.mine).pieces,
            theirs=Difference(merged.base, merged.theirs).pieces,
            mine_goes=merged.mine is None,
            theirs_goes=merged.theirs is None,
            **self._chosen(merged.name),
        )

    def _chosen(self, name: str) -> dict[str, Any]:
        chosen = self._data.get(name, "")
        return {"chosen": chosen, "is_missing": bool(self._data) and not chosen}


class OntoForm(forms.Form):
    """Which state of a draft was seen, and which revision beside it."""

    version = forms.IntegerField(min_value=1)
    onto = forms.IntegerField(min_value=1)


def _label(field: str) -> str:
    """Give what a piece of head matter is called on the page."""
    return str(HeadForm.base_fields[field].label)
