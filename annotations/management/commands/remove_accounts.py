"""`manage.py remove_accounts`: do what time has made due about accounts. Once a day is enough; oftener does no harm."""

from typing import Any

from django.core.management.base import BaseCommand

from annotations import copying
from reader import leaving, limiting, posting, signing_in


class Command(BaseCommand):
    help = (
        "Remove accounts whose bearers left a week ago, accounts that nobody confirmed within a month, copies of data "
        "older than a week, mail that could not be sent, what is known of sessions that ended or were used a month "
        "ago, and counts for limits that are over."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        removed = leaving.carry_out_due() + leaving.remove_unconfirmed()
        copies = copying.forget()
        posting.forget_unsent()
        signing_in.forget()
        limiting.forget()
        self.stdout.write(f"Accounts removed: {removed}. Copies of data removed: {copies}.")
