"""Keep with a changed passage which revision edited its words."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0003_orphans_and_places_by_hand'),
    ]

    operations = [
        migrations.AddField(
            model_name='anchor',
            name='edited_in',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
    ]
