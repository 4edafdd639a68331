"""Call published what has been published; articles had no status before."""

from django.db import migrations


def call_published(apps, schema_editor):
    articles = apps.get_model("reader", "Article").objects.using(schema_editor.connection.alias)
    articles.filter(current_revision__isnull=False).update(status="published")


class Migration(migrations.Migration):
    dependencies = [("reader", "0003_drafts_pictures_and_statuses")]

    operations = [migrations.RunPython(call_published, migrations.RunPython.noop)]
