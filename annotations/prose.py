"""Prose made up from word lists: it looks like an article and its readers' remarks, and says nothing about anyone.

Pure. The same random numbers give the same words. Texts come as inline HTML, remarks as Markdown.
"""

import re
from collections.abc import Sequence
from random import Random

_SLOT = re.compile(r"\{(\w+)\}")

_WORDS: dict[str, Sequence[str]] = {
    "body": (
        "the harbour board", "the county council", "a parliamentary committee", "the water authority",
        "the ministry", "Marsh &amp; Daughters", "the tenants’ union", "the audit office", "a working group",
        "the rail operator", "the Ålesund chamber of trade", "the previous government", "the fishery",
    ),
    "person": (
        "the mayor", "its then-chairwoman", "one engineer", "the finance minister", "a former harbour master",
        "the café owner", "the auditor", "a spokesman", "the oldest member", "Dr. Okonkwo-Lindqvist",
    ),
    "thing": (
        "the new bridge", "the ferry", "the storm barrier", "the fourth terminal", "the night train",
        "the old gasworks", "the toll", "the reservoir", "the rent register", "the flood map", "the tidal mill",
    ),
    "things": (
        "households", "lorries a day", "jobs", "permits", "complaints", "passengers", "hectares of salt marsh",
        "inspections", "tonnes of sand", "signatures", "empty flats", "school places",
    ),
    "place": (
        "on the south bank", "in the upper valley", "between Norrby and the sea", "along the coast road",
        "in three of the five districts", "across the region", "at the São Bento works", "outside the old wall",
    ),
    "did": (
        "approved", "lost", "promised", "counted", "paid for", "moved", "inspected", "gave up", "reported",
        "opposed", "inherited", "wrote off",
    ),
    "effect": (
        "traffic fell", "rents rose", "the queue doubled", "nobody complained", "the money ran out",
        "the water came back", "the figures were revised", "two contractors withdrew", "attendance recovered",
    ),
    "view": (
        "too little, too late", "a bargain", "the only honest option", "an expensive mistake", "long overdue",
        "a matter of safety", "nobody’s business", "a test case for the whole coast",
    ),
    "turn": (
        "In fact", "Even so", "By contrast", "To be fair", "Meanwhile", "For once", "As expected", "Oddly enough",
    ),
    "stress": ("<em>in principle</em>", "<em>not once</em>", "<strong>twice</strong>", "<em>after</em> the vote"),
}  # fmt: skip

_SENTENCES = (
    "In {year}, {body} {did} {number} {things} {place}.",
    "{turn}, {person} called {thing} “{view}.”",
    "{turn}, {effect} after {body} {did} {thing}—and {effect} again a year later.",
    "Of the {number} {things} counted in {year}, about {share} percent were {place}.",
    "No report between {year} and {year} says why {effect}.",
    "{body} spent €{money} million on {thing}, which {person} had called {view}.",
    "“We were told {stress} that {thing} would pay for itself,” said {person}.",
    "Who decided that {number} {things} were enough?",
    "{person} denies it; {body} does not.",
    'The <a href="https://minutes.example.org/{year}">minutes of {year}</a> name {person} and {number} {things}.',
    "Since then {effect} {place}, though {body} expected {number} {things} at most.",
    "That was {view}.",
)  # fmt: skip

_REMARKS: dict[str, Sequence[str]] = {
    "note": (
        "The figure is for {year}; {body} has since counted {number} {things}.",
        "*{body}* is not the same as {body}: the two were split in {year}.",
        "Worth reading with the next paragraph, where {effect}.",
        "For scale: {number} {things} is about {share} percent of what {body} had in {year}. 🌊",
        "{person} has written about this since. The short version:\n\n- {effect}\n- {effect}\n- nobody asked {body}",
    ),
    "source": (
        "The audit of {year} gives {number} {things}, on page {share}.",
        "{body} published its own count: **{number}** {things} {place}.",
        "This is the original order about {thing}, signed by {person} in {year}.",
        "> {person} regrets that {effect}.\n\nSo the letter of {year}; compare the wording here.",
        "A later survey of {number} {things}. It also asks what happened {place}.",
    ),
    "disagreement": (
        "{number} cannot be right: {body} never had more than {share} percent of the {things}.",
        "That {effect} does not follow from {thing} being {view}.",
        "This leaves out {year}, when {body} *did* ask {person}.",
        "The comparison is unfair. {thing} was paid for by {body}, and {effect} before that.",
        "“{view}” was said of {thing}, not of {thing} {place}.",
    ),
    "question": (
        "Where does the number of {things} come from?",
        "Which report says that {effect}?",
        "Who counted, and was it {place} or everywhere? {body} gives no source.",
        "Is this {year} or the year after?",
    ),
    "reply": (
        "That count stops in {year}. After it, {effect}.",
        "Thank you, this answers half of it. Is there anything {place}?",
        "I read the same page differently: {person} speaks of {thing}, and only of that.",
        "Agreed, and {body} said so itself in {year}.",
        "Not quite: {number} is the number of {things} `planned`, not built.",
    ),
}

_TITLES = (
    "What {thing} cost, and who paid",
    "The year {body} {did} {thing}",
    "Why {effect} {place}",
    "{thing} was never {view}",
)


def title(random: Random) -> str:
    """Give a headline, without markup."""
    return _capitalised(_filled(random, random.choice(_TITLES))).replace("&amp;", "&")


def paragraph(random: Random) -> str:
    """Give two to seven sentences as inline HTML, with quotations, figures and links among them."""
    return " ".join(_sentence(random) for _ in range(random.randint(2, 7)))


def remark(random: Random, kind: str) -> str:
    """Give what a reader might say in an annotation of this kind, as Markdown."""
    words = _capitalised(_filled(random, random.choice(_REMARKS[kind]))).replace("&amp;", "&")
    return f"{words} {remark(random, kind)}" if "\n" not in words and random.random() < 0.25 else words


def _sentence(random: Random) -> str:
    return _capitalised(_filled(random, random.choice(_SENTENCES)))


def _filled(random: Random, template: str) -> str:
    def word(slot: re.Match[str]) -> str:
        match slot[1]:
            case "year":
                return str(random.randint(1968, 2023))
            case "number":
                return f"{random.randint(40, 90_000):,}"
            case "share":
                return str(random.randint(2, 97))
            case "money":
                return f"{random.uniform(0.4, 90):.1f}"
            case name:
                return random.choice(_WORDS[name])

    return _SLOT.sub(word, template)


def _capitalised(words: str) -> str:
    """Give the words with a capital first letter, wherever among marks it stands."""
    first = next((place for place, character in enumerate(words) if character.isalnum()), 0)
    return words[:first] + words[first].upper() + words[first + 1 :]
