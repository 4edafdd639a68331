"""How pages are furnished: the lines round an article that are not its text, and the forms its head matter has.

Pure. Each function judges one line, normalised as paragraphs are.
"""

import re
from typing import NamedTuple

_NAME_MAX_LENGTH = 80
_CREDIT_MAX_LENGTH = 120


def _words(text: str) -> frozenset[str]:
    return frozenset(" ".join(phrase.split()) for phrase in text.split("|"))


# What a page prints above a title to say what sort of text it is.
_LABELS = _words("""
    analysis | background | book review | books | column | comment | comment is free | commentary | culture | editorial
    | essay | exclusive | explained | explainer | fact check | feature | features | film review | guest column
    | guest essay | guest post | history | ideas | interview | investigation | leader | letter | letters
    | letter to the editor | letters to the editor | long read | longread | news | news analysis | news feature
    | obituary | op-ed | opinion | opinion column | opinion piece | opinions | perspective | perspectives | policy
    | politics | portrait | profile | report | reportage | review | reviews | science | special report | the long read
    | thought leaders | viewpoint | viewpoints | views | world | world news
""")

# Buttons, players, banners and counters that come along when a page is copied.
_FURNITURE = _words("""
    ad | add to favorites | advertisement | advertisements | all rights reserved | bookmark | comment | comments
    | continue reading | copied | copy | copy link | copy url | download | download app | email | email article
    | email this | embed | facebook | flipboard | follow | follow us | font size | friends read free | gift article
    | gift this article | give this article | home | instagram | leave a comment | like | line | link copied | linkedin
    | listen | listen now | listen to article | listen to this article | log in | login | menu | mastodon | message
    | more | newsletter | pinterest | play | pocket | post | print | print article | print this | reader comments
    | read aloud | reddit | register | reply | report an error | republish | reprints | save | save article
    | save for later | search | share | share article | share on facebook | share on linkedin | share on twitter
    | share on x | share this | share this article | share this story | show comments | sign in | sign up | skip ad
    | skip to content | skip to main content | sponsored | sponsored content | subscribe | subscribe now | telegram
    | text size | threads | toggle menu | tweet | twitter | unmute | view comments | view on youtube | wechat | weibo
    | whatsapp | x | youtube | aa | a a
""")

# Headings of lists that are about other articles; the short lines under them go with them.
_RELATED = _words("""
    also read | editors picks | editor's picks | explore more | filed under | from our partners | in this section
    | keywords | latest news | latest stories | more from this author | more in this section | more like this
    | more on this | more on this story | more on this topic | more stories | most popular | most read | most viewed
    | next article | popular now | previous article | read more | read next | read this next | recommended
    | recommended for you | recommended stories | related | related articles | related content | related news
    | related posts | related reading | related stories | related tags | related topics | see also | tags | topics
    | top stories | trending | trending now | up next | what to read next | you may also like | you might also like
""")

# What stands above the writer's portrait and note, and what follows a name on the page: "Senior Staff Writer".
_CARD_WORDS = _words("""
    about the author | about the authors | about the columnist | about the contributor | about the writer | author bio
    | author information | biography | meet the author | the author | written by
""")
_ROLES = _words("""
    analyst | author | authors | columnist | contributor | contributors | correspondent | editor | freelancer
    | journalist | reporter | writer
""")
_ROLE_MAX_WORDS = 4

_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_NTH = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = (
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
    rf"(?:{_NTH}\s+{_MONTH},?\s+\d{{4}}|{_MONTH}\s+{_NTH},?\s+\d{{4}}|\d{{4}}-\d{{2}}-\d{{2}}"
    r"|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d{4}年\d{1,2}月\d{1,2}日)"
)
_CLOCK = r"\d{1,2}[:.]\d{2}(?::\d{2})?(?:\s*[ap]\.?m\.?)?(?:\s+\(?[A-Z]{2,5}\)?)?"
_LENGTH = r"\d{1,2}:\d{2}(?::\d{2})?"
_BETWEEN = r"(?:\s+at|,|\s+[|·•–—-])?\s+"
_MOMENT = (
    rf"(?:{_DATE}(?:{_BETWEEN}{_CLOCK})?|{_CLOCK}(?:{_BETWEEN}{_DATE})?"
    r"|(?:an?|\d+) (?:minute|hour|day|week|month|year)s? ago|today|yesterday)"
)
_STAMP = rf"(?:first |last )?(?:published|updated|posted|modified|edited|created)(?: on| at)?\s*:?(?:\s*{_MOMENT})?"

# "Updated:", "Published 3 May 2020", "3 May 2020, 10:15", "0:00 / 12:34", "5 min read", "128 comments".
_DATE_LINE = re.compile(
    rf"{_STAMP}(?:\s*[|·•–—-]?\s*{_STAMP})?|(?:date\s*:\s*)?{_MOMENT}|{_LENGTH}(?:\s*/\s*{_LENGTH})?"
    r"|\d+[ -]?min(?:ute)?s?(?: read| listen)?|reading time:?\s*\d+\s*min(?:ute)?s?"
    r"|[\d,.]+[km]?\s+(?:comments?|shares?|views?|likes?)",
    re.IGNORECASE,
)

# Letters that may begin a name: capitals, and letters of scripts that have none.
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
_NAME_WORD = rf"(?:{_CAPITAL}\.(?:-?{_CAPITAL}\.)*|{_CAPITAL}[\w'’-]*)"
_PARTICLE = r"(?:de|del|della|der|den|di|da|dos|du|la|le|van|von|zu|bin|ibn|al|el|ben|ter|ten|y|e)"
_NAME = rf"{_NAME_WORD}(?:\s+(?:{_PARTICLE}\s+)*{_NAME_WORD}){{1,4}}(?:,?\s+(?:Jr|Sr|PhD|MD|II|III)\b\.?)?"
_NAMES = re.compile(rf"{_NAME}(?:(?:,|,? and|,? &)\s+{_NAME})*")
_BYLINE = re.compile(r"(?:(?:written|story|words|text|reported|report|opinion|analysis)\s+)?by:?\s+", re.IGNORECASE)
# What may follow the names on their line: a date, a desk, a city.
_BYLINE_TAIL = re.compile(r"\s+[|·•–—]\s+.*$")
# Words of headlines and of desks: a line of capitalised words that has one is no name.
_NOT_IN_NAMES = _words("""
    a | about | after | against | an | are | at | be | before | between | by | daily | desk | for | from | guardian
    | her | here | herald | his | how | in | is | it | its | journal | magazine | more | most | my | new | news | no
    | not | now | of | on | or | our | over | post | press | staff | that | the | their | these | this | times | to
    | today | tribune | under | was | were | what | when | where | who | why | with | without | your
""")

_AGENCY = (
    r"(?:AFP|AP|Associated Press|Reuters|Getty(?: Images)?|EPA(?:-EFE)?|Bloomberg|Xinhua|Alamy|Shutterstock|iStock"
    r"|Unsplash|Pexels|Pixabay|Wikimedia(?: Commons)?|Flickr|NurPhoto|SOPA Images|Anadolu(?: Agency)?|dpa"
    r"|PA(?: Wire| Media)?|TASS|Kyodo(?: News)?|Yonhap|VCG|UPI|CC BY[\w .-]*|Public Domain)"
)
_HOLDER = rf"(?:{_AGENCY}|{_NAME_WORD}(?:\s+(?:{_PARTICLE}\s+)*{_NAME_WORD}){{0,4}})"
# Jane Doe/AFP via Getty Images; AP Photo/Jane Doe; Jane Doe via Reuters.
_SLASHED = rf"{_HOLDER}(?:(?:\s?/\s?{_HOLDER})+(?: via {_HOLDER})?| via {_AGENCY})"
# Photo: Jane Doe; Photo by Jane Doe; Image courtesy of the museum; © Jane Doe 2020.
_PICTURE = r"(?i:photo(?:graph|graphy|grapher)?s?|images?|pictures?|illustrations?|graphics?|photo credit|image credit)"
_WORDED = (
    rf"(?:{_PICTURE}\s*[:©]\s*[^!?]*[^!?.]|{_PICTURE}\s+(?i:by)\s+{_HOLDER}(?:\s?[/,]\s?{_HOLDER})*"
    rf"|(?i:credits?)\s*:\s*[^!?]*[^!?.]|(?:{_PICTURE}\s+)?(?i:courtesy)(?i:\s+of|:)\s+[^!?]*[^!?.]|©\s?[^!?]*[^!?.])"
)
# The credit ends the caption: after a full stop, after a bar or a dash, or in brackets.
_GAP = r"(?:^|(?<=[.!?…”\"'’)])\s|\s[|–—]\s|(?:^|\s)[(\[])"
_CAPTION = re.compile(rf".*?{_GAP}(?P<credit>{_SLASHED}|{_WORDED}|(?P<agency>{_AGENCY}))(?:[)\]]\.?)?")

_NOTE = re.compile(
    r"(?:the )?(?:views?|opinions?|thoughts|statements)(?:,? (?:and|or) \w+)*"
    r" (?:expressed|stated|presented|contained|published)"
    r" (?:above|here|herein|in (?:this|the)|on (?:this|the)|by (?:the author|contributors)|are)\b"
    r"|(?:this|the) (?:article|column|commentary|essay|piece|post|story)"
    r" (?:(?:(?:solely|only) )?(?:reflects|represents) (?:(?:solely|only) )?the (?:author|view|opinion)"
    r"|(?:was )?(?:first|originally) (?:appeared|published)|(?:has been|was) (?:updated|corrected|amended))"
    r"|(?:correction|clarification|editor['’]?s?['’]? note|disclaimer|disclosure)\s*(?:\([^)]*\)\s*)?:",
    re.IGNORECASE,
)
_SPEAKS_OF_AUTHOR = re.compile(
    r"the (?:author|writer|columnist|contributor)s? (?:is|are|was|has|have|teach(?:es)?|works?|writes?)\b",
    re.IGNORECASE,
)
# "Jane Doe is a former professor of law": who somebody is, in the words of those who write for papers.
_IS_SOMEBODY = re.compile(
    rf"(?P<names>{_NAMES.pattern}),? (?:is|are|was|were) [^.]{{0,80}}?\b(?:analyst|author|columnist|contributor"
    r"|correspondent|director|economist|editor|fellow|founder|historian|journalist|lawyer|lecturer|novelist|photographer"
    r"|physician|professor|reporter|researcher|scholar|scientist|student|teacher|writer)s?\b"
)
_DOES = re.compile(r",? (?:is|are|was|has|have|writes?|teach(?:es)?|works?|covers?|reports?|lives?)\b")
_BETWEEN_NAMES = re.compile(r",? and |, | & ")


class Caption(NamedTuple):
    """A caption in three: what the picture shows, up to the credit; the credit; what closes it.

    Not sure is one that ends with the bare name of an agency, as reports do too.
    """

    before: str
    credit: str
    after: str
    is_sure: bool


def is_label(line: str) -> bool:
    """Say whether the line names a sort of text: Commentary, Opinion, Review."""
    return _key(line) in _LABELS


def is_furniture(line: str) -> bool:
    """Say whether the line belongs to the page and not to the article: buttons, dates, counters, rules."""
    return (
        _key(line) in _FURNITURE
        or not any(character.isalnum() for character in line)
        or bool(_DATE_LINE.fullmatch(line))
    )


def opens_related(line: str) -> bool:
    """Say whether the line heads a list of other articles or of topics."""
    return _key(line) in _RELATED


def opens_card(line: str) -> bool:
    """Say whether the line stands in what a page says of the writer: "About the Author", "Senior Staff Writer"."""
    words = _key(line).split()
    is_role = 0 < len(words) <= _ROLE_MAX_WORDS and words[-1] in _ROLES and not _NOT_IN_NAMES.intersection(words)
    return _key(line) in _CARD_WORDS or (is_role and line[:1].isupper())


def is_note(line: str) -> bool:
    """Say whether the line is the publisher speaking: a disclaimer, a correction, an editor's note."""
    return bool(_NOTE.match(line))


def is_name(line: str) -> bool:
    """Say whether the line is nothing but one or more people's names."""
    words = {word.strip(".,").lower() for word in line.split()} - {"and"}
    return len(line) <= _NAME_MAX_LENGTH and not words & (_NOT_IN_NAMES | _ROLES) and bool(_NAMES.fullmatch(line))


def byline(line: str) -> str:
    """Give the names when the line says who wrote the article, or nothing: "By Jane Doe", or the name alone."""
    start = _BYLINE.match(line)
    if start is None:
        return line if is_name(line) else ""
    names = _BYLINE_TAIL.sub("", line[start.end() :])
    is_sentence = names.endswith((".", "!", "?", ":", "…")) or not names.rpartition(" ")[2][:1].isupper()
    return "" if is_sentence or len(names) > _NAME_MAX_LENGTH else names


def is_author_note(line: str, names: str) -> bool:
    """Say whether the line tells who the writer is; `names` is the byline, or nothing when there is none."""
    if _SPEAKS_OF_AUTHOR.match(line):
        return True
    if not names:
        return bool(somebody(line))
    return any(line.startswith(name) and _DOES.match(line, len(name)) for name in (names, *_BETWEEN_NAMES.split(names)))


def somebody(line: str) -> str:
    """Give the name in a line such as "Jane Doe is the founder of a newspaper", or nothing."""
    match = _IS_SOMEBODY.match(line)
    return match["names"] if match and is_name(match["names"]) else ""


def caption(line: str) -> Caption | None:
    """Take a caption apart when the line ends with a picture credit, or give None."""
    match = _CAPTION.fullmatch(line)
    if match is None or len(match["credit"]) > _CREDIT_MAX_LENGTH:
        return None
    start, end = match.span("credit")
    return Caption(line[:start], line[start:end], line[end:], is_sure=match["agency"] is None)


def is_credit(line: str) -> bool:
    """Say whether the line is a picture credit and no more."""
    parts = caption(line)
    return parts is not None and parts.is_sure and not parts.before.strip(" ([")


def _key(line: str) -> str:
    """Give the line as the lists have it: small letters, straight apostrophes, no stop, bar or arrow at its ends."""
    return line.lower().replace("’", "'").strip(" .:|>»→↓+#*-–—•")
