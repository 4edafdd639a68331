"""Limits: how often things may be done, who is counted, and what is said to who comes too often."""

import re
import threading
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, TypeAlias

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import caches
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertNumQueries
from pytest_django.fixtures import Settings

from annotations.models import Annotation, Ask, Flag, Position, Rating, Restatement, SourceVerdict
from reader import limiting, rates
from reader.models import Article, Tally, User
from reader.views.requests import address_of
from tests.factories import PASSWORD, confirm_address, make_annotation, make_article, make_reader
from tests.integration.test_two_factor import code_of

pytestmark = pytest.mark.django_db

Answer: TypeAlias = Any


@pytest.fixture
def article() -> Article:
    return make_article()


@pytest.fixture
def ada(client: Client) -> User:
    reader = make_reader(username="ada")
    client.force_login(reader)
    return reader


@pytest.fixture(autouse=True)
def limits(settings: Settings) -> None:
    set_limits(settings, "")


def set_limits(settings: Settings, changes: str) -> None:
    settings.LIMITS = rates.parse(changes)
    settings.ACCOUNT_RATE_LIMITS = rates.of_accounts(settings.LIMITS) or False


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> "Clock":
    return Clock(monkeypatch)


class Clock:
    """A clock that stands still until it is put forward."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = timezone.now()
        monkeypatch.setattr("django.utils.timezone.now", lambda: self.now)

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


def post(client: Client, article: Article, body: str = "Worth knowing.", **fields: Any) -> Answer:
    headers = fields.pop("headers", {})
    given = {"kind": "note", "body": body, "place": "paragraph", "revision": 1, "token": uuid.uuid4(), **fields}
    return client.post(reverse("attach", args=[article.slug, "p1"]), given, headers=headers)


def act(client: Client, name: str, annotation: Annotation, **fields: Any) -> Answer:
    return client.post(reverse(name, args=[annotation.pk]), fields)


# What is limited

BUTTONS = {"position": {"act": "agree"}, "mind": {"act": "change"}}


def test_a_second_annotation_within_four_seconds_waits_with_its_words(
    client: Client, ada: User, article: Article, clock: Clock
) -> None:
    post(client, article, "First.")
    refused = post(client, article, "Second, in a hurry.")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "4")
    assert "You can post again in 4 seconds. What you typed is still here." in refused.content.decode()
    assert "Second, in a hurry.</textarea>" in refused.content.decode()
    assert Annotation.objects.count() == 1
    clock.forward(seconds=4)
    assert post(client, article, "Second, in a hurry.").status_code == 302


@pytest.mark.parametrize(
    ("number", "pause", "wait"), [(10, 4.5, 60), (60, 59, 3600), (200, 400, 86400)], ids=["minute", "hour", "day"]
)
def test_each_window_holds(ada: User, clock: Clock, number: int, pause: float, wait: int) -> None:
    for _ in range(number):
        limiting.count("annotations", by=ada)
        clock.forward(seconds=pause)
    with pytest.raises(limiting.TooOften) as refusal:
        limiting.count("annotations", by=ada)
    assert refusal.value.seconds == pytest.approx(wait - number * pause, abs=1)


def test_in_the_panel_the_form_comes_back_as_it_was_typed(client: Client, ada: User, article: Article) -> None:
    post(client, article)
    refused = post(client, article, "In a hurry.", headers={"hx-request": "true"})
    content = refused.content.decode()
    assert (refused.status_code, refused.headers["Limited"]) == (429, "yes")
    assert content.lstrip().startswith("<section")
    assert "In a hurry.</textarea>" in content
    assert 'role="alert"' in content


def test_an_answer_waits_with_its_words(client: Client, ada: User, article: Article) -> None:
    parent = make_annotation(article=article)
    post(client, article)
    refused = act(client, "replies", parent, body="And more.", token=uuid.uuid4())
    assert refused.status_code == 429
    assert "And more.</textarea>" in refused.content.decode()


def test_the_same_form_twice_is_not_counted_and_gives_what_it_made(client: Client, ada: User, article: Article) -> None:
    token = uuid.uuid4()
    statuses = [post(client, article, token=token).status_code for _ in range(3)]
    assert (statuses, Annotation.objects.count()) == ([302, 302, 302], 1)


def test_what_was_not_kept_is_not_counted(client: Client, ada: User, article: Article) -> None:
    assert post(client, article, "").status_code == 422
    assert post(client, article, "Now with words.").status_code == 302


def test_asking_is_limited(client: Client, ada: User, article: Article, settings: Settings) -> None:
    set_limits(settings, "asks=1/m")
    ask(client, article, 0, 10)
    assert ask(client, article, 20, 30).status_code == 429
    assert Annotation.objects.count() == 1


def ask(client: Client, article: Article, start: int, end: int) -> Answer:
    return client.post(f"{reverse('ask', args=[article.slug, 'p1'])}?revision=1&start={start}&end={end}")


def test_asking_too_is_limited(client: Client, ada: User, article: Article, settings: Settings) -> None:
    set_limits(settings, "asks=1/m")
    first, second = (make_annotation(article=article, kind="question", exact=words) for words in ("bridge", "toll"))
    act(client, "asks", first, act="join")
    assert act(client, "asks", second, act="join").status_code == 429
    assert Ask.objects.filter(reader=ada).count() == 1


def test_editing_is_limited(client: Client, ada: User, article: Article, settings: Settings) -> None:
    set_limits(settings, "edits=1/m")
    own = make_annotation(article=article, creator=ada)
    act(client, "edit", own, body="Better.", version=1)
    refused = act(client, "edit", own, body="Best.", version=2)
    assert refused.status_code == 429
    assert "Best.</textarea>" in refused.content.decode()


def test_saying_it_in_other_words_is_limited(client: Client, ada: User, article: Article, settings: Settings) -> None:
    first, second = make_annotation(article=article), make_annotation(article=article)
    act(client, "restatement", first, restatement="You are saying that it is known.")
    refused = act(client, "restatement", second, restatement="You are saying that it is not.")
    assert refused.status_code == 429
    assert "You are saying that it is not." in refused.content.decode()
    assert Restatement.objects.count() == 1


def test_reports_are_limited(client: Client, ada: User, article: Article, settings: Settings) -> None:
    set_limits(settings, "reports=1/d")
    first, second = make_annotation(article=article), make_annotation(article=article)
    act(client, "flags", first, reason="spam")
    refused = act(client, "flags", second, reason="spam", details="It sells boats.")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "86400")
    assert "It sells boats." in refused.content.decode()
    assert Flag.objects.count() == 1


@pytest.mark.parametrize("name", BUTTONS)
def test_a_button_that_is_pressed_too_often_says_when_to_come_back(
    client: Client, ada: User, article: Article, settings: Settings, name: str
) -> None:
    set_limits(settings, "judgements=1/m")
    first, second = make_annotation(article=article), make_annotation(article=article)
    act(client, "position", first, act="agree")
    refused = act(client, name, second, **BUTTONS[name])
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert "in 60 seconds" in refused.content.decode()
    assert Position.objects.count() == 1


def test_ratings_and_verdicts_are_limited_with_them(
    client: Client, ada: User, article: Article, settings: Settings
) -> None:
    set_limits(settings, "judgements=1/m")
    cited = make_annotation(article=article, kind="source")
    act(client, "position", cited, act="agree")
    assert act(client, "rating", cited, value="helpful", reasons=["clear"]).status_code == 429
    source = cited.sources.get()
    assert client.post(reverse("verdict", args=[source.pk]), {"verdict": "supports"}).status_code == 429
    assert not Rating.objects.exists()
    assert not SourceVerdict.objects.exists()


def test_what_one_said_can_be_taken_back_at_any_time(
    client: Client, ada: User, article: Article, settings: Settings
) -> None:
    set_limits(settings, "judgements=1/m")
    annotation = make_annotation(article=article)
    act(client, "position", annotation, act="agree")
    assert act(client, "position", annotation, act="leave").status_code == 302
    assert not Position.objects.exists()


def test_looking_up_a_source_is_limited(client: Client, article: Article) -> None:
    address = reverse("known-source", args=[article.slug, "p1"])
    statuses = [client.get(address, {"url": "https://example.org/"}).status_code for _ in range(31)]
    assert (statuses[29], statuses[30]) == (200, 429)


def test_previews_are_limited_and_keep_what_was_typed(
    client: Client, article: Article, ada: User, settings: Settings
) -> None:
    set_limits(settings, "previews=1/m")
    client.post(reverse("preview"), {"body": "So it looks."})
    refused = post(client, article, "It is all\nstill here.", preview="yes")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert "It is all\nstill here.</textarea>" in refused.content.decode()
    alone = client.post(reverse("preview"), {"body": "So."}, headers={"hx-request": "true"})
    assert alone.content.decode().lstrip().startswith("<section")


def test_reading_counts_nothing(client: Client, ada: User, article: Article) -> None:
    annotation = make_annotation(article=article)
    Tally.objects.all().delete()
    for address in (reverse("paragraph", args=[article.slug, "p1"]), article.get_absolute_url(), "/"):
        client.get(address)
    client.get(annotation.get_absolute_url())
    assert not Tally.objects.exists()


# Who is counted


def test_a_new_account_is_held_tighter(client: Client, article: Article, clock: Clock) -> None:
    client.force_login(make_reader(date_joined=clock.now - timedelta(days=6)))
    post(client, article)
    clock.forward(seconds=5)
    refused = post(client, article)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "5")


def test_everybody_at_one_address_shares_what_is_many_times_as_much(
    article: Article, settings: Settings, clock: Clock
) -> None:
    set_limits(settings, "annotations.address=2/m")
    statuses = []
    for _ in range(3):
        client = Client()
        client.force_login(make_reader())
        statuses.append(post(client, article).status_code)
    assert statuses == [302, 302, 429]
    assert post(signed_in_from("192.0.2.9"), article).status_code == 302


def signed_in_from(address: str) -> Client:
    client = Client(REMOTE_ADDR=address)
    client.force_login(make_reader())
    return client


def test_sample_accounts_and_commands_are_not_counted(article: Article) -> None:
    writer = make_reader(is_sample=True)
    for _ in range(3):
        make_annotation(article=article, creator=writer)
    assert not Tally.objects.exists()


@pytest.mark.parametrize(
    ("count", "forwarded", "address"),
    [
        pytest.param(0, "6.6.6.6", "127.0.0.1", id="nothing stands in between, so the header is made up"),
        pytest.param(1, "6.6.6.6, 192.0.2.7", "192.0.2.7", id="what a reader put before ours is made up"),
        pytest.param(2, "6.6.6.6, 192.0.2.7, 10.0.0.1", "192.0.2.7", id="two of ours"),
        pytest.param(2, "192.0.2.7", "127.0.0.1", id="past one of two"),
        pytest.param(1, "somebody", "127.0.0.1", id="no address"),
        pytest.param(1, "\xff, ", "127.0.0.1", id="nothing at all"),
        pytest.param(1, "::ffff:192.0.2.7", "192.0.2.7", id="IPv4 in the clothes of IPv6"),
        pytest.param(1, "192.0.2.7:4711", "192.0.2.7", id="with a port"),
    ],
)
def test_an_address_cannot_be_made_up(settings: Settings, count: int, forwarded: str, address: str) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = count
    request = RequestFactory().get("/", headers={"x-forwarded-for": forwarded})
    assert address_of(request) == address


def test_one_connection_s_addresses_count_as_one(article: Article, settings: Settings, clock: Clock) -> None:
    set_limits(settings, "annotations.address=1/m")
    post(signed_in_from("2001:db8:1:1::7"), article)
    assert post(signed_in_from("2001:db8:1:1:ffff::9"), article).status_code == 429
    assert post(signed_in_from("2001:db8:1:2::7"), article).status_code == 302


def test_no_address_and_no_name_is_kept(article: Article, settings: Settings) -> None:
    post(signed_in_from("192.0.2.77"), article)
    kept = str(list(Tally.objects.values_list()))
    assert "192.0.2" not in kept
    before = sorted(Tally.objects.values_list("key", flat=True))
    Tally.objects.all().delete()
    settings.SECRET_KEY = "another"
    post(signed_in_from("192.0.2.77"), article)
    assert not set(before) & set(Tally.objects.values_list("key", flat=True))


def test_what_is_over_is_forgotten(client: Client, ada: User, article: Article, clock: Clock) -> None:
    limiting.count("previews", by=ada)
    post(client, article)
    clock.forward(hours=2)
    call_command("remove_accounts", verbosity=0)
    assert Tally.objects.count() == 1
    clock.forward(days=1)
    call_command("remove_accounts", verbosity=0)
    assert not Tally.objects.exists()


@pytest.fixture
def database_cache(settings: Settings) -> Iterator[None]:
    """Let the cache be in the database, as the site has it."""
    from reader import settings as site

    settings.CACHES = {**settings.CACHES, "default": site.CACHES["default"]}
    call_command("createcachetable", verbosity=0)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE cache")


def test_allauth_s_counts_name_nobody_either(client: Client, database_cache: None, clock: Clock) -> None:
    make_reader(username="anna")
    sign_in(client, login="anna", password="wrong")
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache")
        kept = [row[0] for row in cursor.fetchall()]
        assert kept
        assert not any(("127" in key and ":" in key) or "anna" in key for key in kept)
        caches["default"].set("old", 1, timeout=1)
        clock.forward(days=2)
        limiting.forget()
        cursor.execute("SELECT COUNT(*) FROM cache")
        assert cursor.fetchone()[0] == 0


# Switched off, and what it costs


def test_one_setting_switches_all_off(client: Client, ada: User, article: Article, settings: Settings) -> None:
    set_limits(settings, "off")
    assert {post(client, article, f"Number {number}.").status_code for number in range(12)} == {302}
    assert not Tally.objects.exists()


def test_a_write_costs_two_queries_more(ada: User) -> None:
    with limiting.asking_from("192.0.2.7"):
        limiting.count("judgements", by=ada)
        # A savepoint, one to read both counts, one to write both, and the savepoint's end.
        with assertNumQueries(4):
            limiting.count("judgements", by=ada)


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_as_many_are_let_in_as_may(settings: Settings) -> None:
    set_limits(settings, "judgements=3/m judgements.address=5/m")
    readers = [make_reader() for _ in range(2)]
    let_in: list[int] = []

    def try_it(reader: User) -> None:
        try:
            with limiting.asking_from("192.0.2.7"):
                limiting.count("judgements", by=reader)
            let_in.append(reader.pk)
        except limiting.TooOften:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=try_it, args=(readers[number % 2],)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(let_in) == 5
    assert max(let_in.count(reader.pk) for reader in readers) == 3


@pytest.mark.django_db(transaction=True)
def test_two_posts_at_once_make_one_annotation_in_four_seconds(article: Article) -> None:
    reader = make_reader()
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(reader)
    statuses: list[int] = []

    def write(client: Client) -> None:
        try:
            statuses.append(post(client, article).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sorted(statuses), Annotation.objects.count()) == ([302, 429], 1)


# Accounts


def sign_in(client: Client, *, login: str, password: str = PASSWORD) -> Answer:
    return client.post(reverse("account_login"), {"login": login, "password": password})


def sign_up(client: Client, number: int) -> Answer:
    given = {"username": f"new{number}", "email": f"new{number}@example.org", "password1": "staple battery horse"}
    return client.post(reverse("account_signup"), given)


def test_after_five_wrong_passwords_a_name_waits_at_that_address(client: Client) -> None:
    make_reader(username="anna")
    for _ in range(5):
        assert sign_in(client, login="anna", password="wrong").status_code == 200
    refused = sign_in(client, login="anna")
    assert refused.status_code == 429
    assert 290 <= int(refused.headers["Retry-After"]) <= 300
    assert "You can try to sign in again in 5 minutes." in refused.content.decode()
    assert 'value="anna"' in refused.content.decode()


def test_nobody_locks_another_out_from_elsewhere(client: Client) -> None:
    make_reader(username="anna")
    stranger = Client(REMOTE_ADDR="192.0.2.66")
    for _ in range(6):
        sign_in(stranger, login="anna", password="wrong")
    assert sign_in(client, login="anna").status_code == 302


def test_who_is_signed_in_goes_on_while_their_name_waits(client: Client, ada: User, article: Article) -> None:
    for _ in range(6):
        sign_in(Client(), login="ada", password="wrong")
    assert post(client, article).status_code == 302
    again = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert again.status_code == 302


def test_twenty_wrong_passwords_in_an_hour_are_the_most_for_an_address(client: Client) -> None:
    for number in range(20):
        sign_in(client, login=f"name{number}", password="wrong")
    refused = sign_in(client, login="name21", password="wrong")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 3500


def test_a_second_factor_or_a_new_password_of_one_s_own_clears_no_address(
    client: Client, mailoutbox: list[EmailMessage], django_capture_on_commit_callbacks: Any
) -> None:
    mallory, secret = make_reader(username="mallory"), generate_totp_secret()
    confirm_address(mallory)
    for number in range(19):
        sign_in(Client(), login=f"name{number}", password="wrong")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("account_reset_password"), {"email": mallory.email})
    [link] = re.findall(r"http://\S+(/accounts/\S+)", str(mailoutbox[0].body))
    form = client.get(link, follow=True).request["PATH_INFO"]
    chosen = client.post(form, {"password1": "staple battery horse", "password2": "staple battery horse"})
    assert chosen.status_code == 302
    TOTP.activate(mallory, secret)
    sign_in(client, login="mallory", password="staple battery horse")
    assert client.post(reverse("mfa_authenticate"), {"code": code_of(secret)}).status_code == 302
    assert sign_in(Client(), login="name20", password="wrong").status_code == 200
    assert sign_in(Client(), login="name21", password="wrong").status_code == 429


def test_right_passwords_are_not_counted() -> None:
    make_reader(username="anna")
    assert {sign_in(Client(), login="anna").status_code for _ in range(8)} == {302}


def test_five_accounts_an_hour_are_made_from_one_address(client: Client) -> None:
    statuses = [sign_up(Client(), number).status_code for number in range(5)]
    refused = sign_up(client, 6)
    assert (statuses, refused.status_code) == ([302] * 5, 429)
    assert "You can make an account again in 60 minutes." in refused.content.decode()
    assert 'value="new6"' in refused.content.decode()
    assert User.objects.count() == 5


def test_a_sign_up_with_mistakes_is_no_account_and_not_counted(client: Client, settings: Settings) -> None:
    set_limits(settings, "sign-ups=1/h")
    for _ in range(3):
        client.post(reverse("account_signup"), {"username": "x", "email": "no", "password1": "short"})
    assert sign_up(client, 1).status_code == 302


def test_mail_for_a_new_password_is_limited(client: Client) -> None:
    address = {"email": "anna@example.org"}
    statuses = [client.post(reverse("account_reset_password"), address).status_code for _ in range(3)]
    refused = client.post(reverse("account_reset_password"), address)
    assert (statuses, refused.status_code) == ([302] * 3, 429)
    assert int(refused.headers["Retry-After"]) > 3500
    assert "Sign in" in refused.content.decode()
