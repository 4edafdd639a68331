"""Fill a database with made-up articles, readers and what they write, to try Gloss at size.

`filling` writes articles and annotations, `responding` what other readers say of them.
"""

from annotations.seeding.filling import SeedingError, Size, fill

__all__ = ["SeedingError", "Size", "fill"]
