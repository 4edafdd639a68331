"""What readers are told of an annotation's ratings, in words."""

from annotations.ranking.scoring import FEW, FEWEST, MOST, Standing


def label(standing: Standing) -> str:
    """Say how helpful readers find it, with the reasons most of them name; empty while nobody has rated it."""
    if not standing.count:
        return ""
    if standing.share is None:
        return f"{standing.count} of {FEWEST} ratings so far"
    return ": ".join(filter(None, (_found(standing, standing.share), ", ".join(standing.top_reasons))))


def _found(standing: Standing, share: float) -> str:
    if standing.is_bridging:
        return "Helpful to readers on both sides"
    if share >= MOST:
        return "Most readers find it helpful"
    return "Few readers find it helpful" if share <= FEW else "Readers differ on how helpful it is"
