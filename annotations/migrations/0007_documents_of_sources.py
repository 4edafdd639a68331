"""Give every source its document, every question its first asker, and every annotation its lot."""
import secrets

from django.db import migrations


def fill(apps, schema_editor):
    Annotation = apps.get_model("annotations", "Annotation")
    Ask = apps.get_model("annotations", "Ask")
    Document = apps.get_model("annotations", "Document")
    Source = apps.get_model("annotations", "Source")
    documents = {}
    for source in Source.objects.select_related("annotation").order_by("id").iterator(2000):
        key = source.annotation.article_id, source.canonical_url
        if key not in documents:
            documents[key] = Document.objects.create(article_id=key[0], canonical_url=key[1]).pk
        Source.objects.filter(pk=source.pk).update(document_id=documents[key])
    questions = Annotation.objects.filter(kind="question")
    Ask.objects.bulk_create(
        [Ask(question_id=pk, reader_id=creator) for pk, creator in questions.values_list("pk", "creator")],
        batch_size=2000,
    )
    drawn = []
    for annotation in Annotation.objects.only("pk").iterator(2000):
        annotation.lot = secrets.randbelow(2**31)
        drawn.append(annotation)
        if len(drawn) == 2000:
            Annotation.objects.bulk_update(drawn, ["lot"], batch_size=300)
            drawn = []
    Annotation.objects.bulk_update(drawn, ["lot"], batch_size=300)


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0006_evidence'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
