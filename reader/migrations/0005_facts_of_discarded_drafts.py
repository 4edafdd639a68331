from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reader", "0004_published_articles")]

    operations = [
        migrations.AddField("draft", "facts", models.JSONField(blank=True, default=dict)),
    ]
