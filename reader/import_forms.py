"""What an editor fills in to bring a text in: an address, a file, or the text itself."""

from pathlib import PurePath
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator

from reader.importing import pages, receiving
from reader.models import Draft

SUFFIXES = (".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml")
# The buttons of the form, each beside what it reads.
WAYS = ("address", "file", "text")

_URL_BOX = {"inputmode": "url", "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
_NO_WEB_ADDRESS = "Enter the whole address of a web page, such as https://example.org/article."


class WebAddressField(forms.URLField):
    """An address of the web and of nothing else; without a scheme it is taken for https."""

    default_validators = [URLValidator(schemes=["http", "https"])]  # noqa: RUF012


class ImportForm(forms.Form):
    """Three ways on one page: what was filled in elsewhere stays, and the button says what is meant."""

    address = WebAddressField(
        label="Address of the page",
        required=False,
        max_length=2000,
        assume_scheme="https",
        widget=forms.TextInput(attrs=_URL_BOX),
        help_text="The article is found in it, and its pictures come along.",
        error_messages={"invalid": _NO_WEB_ADDRESS},
    )
    file = forms.FileField(
        label="File",
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES)}),
        help_text="Text, Markdown or a saved web page (.txt, .md, .html), in UTF-8, up to 2 MB, or 5 MB of HTML.",
    )
    text = forms.CharField(
        label="The text",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Title first, then who wrote it, then paragraphs. What belongs to the page around it is left out.",
    )
    format = forms.ChoiceField(
        label="What it is",
        required=False,
        choices=[
            ("", "Find out from the text"),
            *((each.value, each.label) for each in Draft.Format if each != Draft.Format.ADDRESS),
        ],
    )
    original_url = WebAddressField(
        label="Where it was first published",
        required=False,
        max_length=2000,
        assume_scheme="https",
        widget=forms.TextInput(attrs=_URL_BOX),
        help_text="If it was; of a file too. Pictures and links are looked for from there.",
        error_messages={"invalid": _NO_WEB_ADDRESS},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})
        self.given = self.found = ""

    @classmethod
    def of(cls, draft: Draft) -> Self:
        """Give the form filled with what could not be read in."""
        if draft.format == Draft.Format.ADDRESS:
            return cls(initial={"address": draft.given})
        kept = {"text": draft.given, "format": draft.format, "original_url": draft.facts.get("original_url", "")}
        return cls(initial=kept)

    def clean(self) -> dict[str, Any]:
        """Take what the button stands for, and find out what it is."""
        cleaned = super().clean() or self.cleaned_data
        way = self.data.get("way", "")
        way = way if way in WAYS else next((name for name in WAYS if cleaned.get(name)), "")
        # Whatever is wrong with the other ways does not stand in the way of this one.
        for name in set(WAYS) - {way}:
            self.errors.pop(name, None)
        if way and way not in self.errors:
            try:
                self.given, self.found = getattr(self, f"_from_{way}")(cleaned)
            except ValueError as error:
                self.add_error(way, str(error))
        elif not way:
            raise ValidationError("Give an address, a file or a text.")
        return cleaned

    def received(self) -> dict[str, str]:
        """Give what was filled in, of a valid form, as `receiving` takes it."""
        is_address = self.found == Draft.Format.ADDRESS
        original_url = "" if is_address else self.cleaned_data["original_url"]
        return {"given": self.given, "format": self.found, "original_url": original_url}

    # Each of these gives the text, or address, and its format. They raise ValueError with a sentence.

    def _from_address(self, cleaned: dict[str, Any]) -> tuple[str, str]:
        self.errors.pop("original_url", None)
        if not cleaned["address"]:
            raise ValueError("Enter the address of a web page.")
        return cleaned["address"], Draft.Format.ADDRESS

    def _from_file(self, cleaned: dict[str, Any]) -> tuple[str, str]:
        file: UploadedFile[Any] | None = cleaned["file"]
        if file is None:
            raise ValueError("Choose a file.")
        name = file.name or ""
        if PurePath(name).suffix.lower() not in SUFFIXES:
            raise ValueError("Only text, Markdown and HTML files can be read: .txt, .md, .html.")
        found = receiving.guess("", name=name)
        return receiving.decoded(file.read(pages.MAX_BYTES + 1), format=found), found

    def _from_text(self, cleaned: dict[str, Any]) -> tuple[str, str]:
        text = cleaned["text"]
        if not text.strip():
            raise ValueError("Paste or write the text.")
        found = cleaned.get("format") or receiving.guess(text)
        return receiving.decoded(text.encode(), format=found), found
