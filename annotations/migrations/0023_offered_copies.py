"""Archived copies that a reader gave and that wait for a moderator."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0022_lines_that_wait'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='OfferedCopy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('url', models.CharField(max_length=2000)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('held', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='annotations.moderationentry')),
                ('reader', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offered_copies', to=settings.AUTH_USER_MODEL)),
                ('source', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='offered_copies', to='annotations.source')),
            ],
            options={
                'verbose_name_plural': 'offered copies',
                'ordering': ('id',),
                'indexes': [models.Index(condition=models.Q(('held__isnull', False)), fields=['held'], name='offered_copy_held')],
                'constraints': [models.UniqueConstraint(fields=('source', 'reader'), name='copy_offered_once_a_reader')],
            },
        ),
    ]
