"""Let a source be known by its document alone."""
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0007_documents_of_sources'),
    ]

    operations = [
        migrations.AlterField(
            model_name='source',
            name='document',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sources', to='annotations.document'),
        ),
        migrations.RemoveField(
            model_name='source',
            name='canonical_url',
        ),
    ]
