"""Drop two indexes that others hold already: PostgreSQL chose them over the one that serves the margin."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0002_moderators_group'),
        ('reader', '0002_editors_group'),
    ]

    operations = [
        migrations.AlterField(
            model_name='anchor',
            name='annotation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='anchors', to='annotations.annotation'),
        ),
        migrations.AlterField(
            model_name='anchor',
            name='revision',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='anchors', to='reader.revision'),
        ),
    ]
