"""What a reader wrote before it could be posted where it belongs, kept in the session: one draft at a time."""

from django.http import HttpRequest, QueryDict

# What a full form can hold in any script (twelve characters for one of four bytes); a session is not a store.
_LONGEST = 300_000


def keep(request: HttpRequest, *, place: str, form: QueryDict) -> bool:
    """Keep what was typed into the form of the page at `place`; say no when it is too long for that."""
    content = form.urlencode()
    if len(content) > _LONGEST:
        return False
    request.session["draft"] = {"place": place, "content": content}
    return True


def kept(request: HttpRequest, *, place: str) -> QueryDict | None:
    """Give the form kept for this page, if there is one."""
    draft = request.session.get("draft")
    if not draft or draft["place"] != place:
        return None
    return QueryDict(draft["content"])


def drop(request: HttpRequest, *, place: str) -> None:
    """Forget the form kept for this page."""
    if kept(request, place=place) is not None:
        del request.session["draft"]
