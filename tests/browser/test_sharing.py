"""What a browser makes of what the pages tell about themselves."""

import json

from playwright.sync_api import Page

from reader.models import Article
from tests.browser import hands


def test_a_browser_may_read_the_manifest_and_the_signs_in_it(page: Page, first_article: Article) -> None:
    hands.open_article(page, first_article)
    found = page.context.new_cdp_session(page).send("Page.getAppManifest")
    assert found["errors"] == []
    for icon in json.loads(found["data"])["icons"]:
        assert page.request.get(icon["src"]).ok


def test_a_browser_runs_nothing_of_the_data_about_an_article(page: Page, first_article: Article) -> None:
    hands.open_article(page, first_article)
    data = page.locator("script[type='application/ld+json']").text_content()
    assert json.loads(data or "")["headline"] == first_article.title
