"""How much a reader's rating counts. New accounts count less: who makes many of them to sway an order has to wait."""

# On the first day, and from which day on in full. A fifth and not nothing, so that a newcomer's rating counts at once;
# and so that five of them who all find something helpful never put it below what nobody has rated (docs/ranking.md).
LEAST, FULL_FROM_DAY = 0.2, 14
# As much as who has published nothing can count: rating alone is cheaper than standing to one's words.
MOST_OF_THE_SILENT = 0.5


def weight(*, days: int, is_writer: bool) -> float:
    """Give how much a rating counts, 0.2 to 1, by the age of the account in days and whether it has published."""
    grown = LEAST + (1 - LEAST) * min(max(days, 0), FULL_FROM_DAY) / FULL_FROM_DAY
    # Two places, so that it can be written down and counted with by hand.
    return round(min(grown, 1.0 if is_writer else MOST_OF_THE_SILENT), 2)
