"""Bring reports under the rules, know the sites that were linked to, and give moderators what they say often."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.db import migrations
from tld import Result, get_tld

RULES = {"abuse": "attack", "privacy": "private", "misleading": "misrepresented", "other": "off topic"}

TEMPLATES = (
    ("Advertising", "spam", "This promotes something and says nothing about the text."),
    ("An attack on a person", "attack", "This is about a person and not about the words. Say what is wrong with the words, and send it again."),
    ("Private details", "private", "This tells where or how a person lives, which is nobody's business here. Leave that out, and send it again."),
    ("Not about these words", "off topic", "This is not about the words it stands on. You can say it at the words that it is about."),
    ("The source says something else", "misrepresented", "The source does not say what it is cited for. Quote the words that you mean, or cite it for what it says."),
    ("Said already", "duplicate", "This has been said at these words before. You can agree with it there, or answer it."),
    ("A legal complaint", "legal", "Somebody whose rights are concerned has asked for this to be taken down."),
)

PERMISSIONS = (
    ("reasontemplate", ("view", "add", "change", "delete"), "template of a reason"),
    ("watchedterm", ("view", "add", "change", "delete"), "watched term"),
    ("suspension", ("view",), "suspension"),
    ("knownsite", ("view", "delete"), "known site"),
)


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        self.found += [value for name, value in attributes if tag == "a" and name == "href" and value]


def fill(apps, schema_editor):
    Flag = apps.get_model("annotations", "Flag")
    for before, after in RULES.items():
        Flag.objects.filter(reason=before).update(reason=after)
    know_sites(apps)
    ReasonTemplate = apps.get_model("annotations", "ReasonTemplate")
    for title, rule, words in TEMPLATES:
        ReasonTemplate.objects.get_or_create(title=title, defaults={"rule": rule, "words": words})
    give_permissions(apps)


def know_sites(apps):
    Annotation = apps.get_model("annotations", "Annotation")
    Source = apps.get_model("annotations", "Source")
    KnownSite = apps.get_model("annotations", "KnownSite")
    names = set()
    cited = Source.objects.filter(annotation__state="published").values_list("document__canonical_url", flat=True)
    for url in cited.distinct().iterator(2000):
        names.add(site(url))
    linking = Annotation.objects.filter(state="published", body_html__contains="<a ")
    for html in linking.values_list("body_html", flat=True).iterator(2000):
        links = Links()
        links.feed(html)
        names.update(map(site, links.found))
    KnownSite.objects.bulk_create(
        [KnownSite(name=name) for name in sorted(names) if name], ignore_conflicts=True, batch_size=2000
    )


def site(url):
    """Give the registered name that an address is under; the same as the site's own code gives."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    found = get_tld(f"https://{host}/", as_object=True, fail_silently=True)
    return (found.fld if isinstance(found, Result) and found.domain else host)[:255]


def give_permissions(apps):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name="Moderators")
    for model, verbs, name in PERMISSIONS:
        content_type, _ = ContentType.objects.get_or_create(app_label="annotations", model=model)
        for verb in verbs:
            permission, _ = Permission.objects.get_or_create(
                content_type=content_type, codename=f"{verb}_{model}", defaults={"name": f"Can {verb} {name}"}
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0020_states_rules_and_restraints'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
