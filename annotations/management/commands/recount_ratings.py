"""Write anew what all ratings come to: accounts grow older, and nothing else tells when they count for more."""

from django.core.management.base import BaseCommand

from annotations import rating


class Command(BaseCommand):
    help = "Count all ratings anew, by the age of their readers' accounts and the sides they take now. Run it nightly."

    def handle(self, *args: object, **options: object) -> None:
        rated = rating.rated()
        moved = rating.recount(rated)
        self.stdout.write(f"Counted the ratings of {len(rated):,} annotations anew; {moved:,} have another place now.")
