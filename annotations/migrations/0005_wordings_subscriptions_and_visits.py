"""Keep earlier wordings, what readers follow, and how far they have read."""
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0004_edited_passages'),
        ('reader', '0005_facts_of_discarded_drafts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='annotation',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('follower', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='followed_by', to=settings.AUTH_USER_MODEL)),
                ('thread', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='followed_by', to='annotations.annotation')),
            ],
            options={
                'ordering': ('id',),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('person__isnull', False), ('thread__isnull', True)), models.Q(('person__isnull', True), ('thread__isnull', False)), _connector='OR'), name='subscription_to_one_thing'), models.UniqueConstraint(condition=models.Q(('person__isnull', False)), fields=('follower', 'person'), name='person_followed_once'), models.UniqueConstraint(condition=models.Q(('thread__isnull', False)), fields=('follower', 'thread'), name='thread_followed_once')],
            },
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_to', models.PositiveBigIntegerField(default=0)),
                ('reached', models.PositiveBigIntegerField(default=0)),
                ('at', models.DateTimeField()),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='visits', to='reader.article')),
                ('reader', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='visits', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('id',),
                'constraints': [models.UniqueConstraint(fields=('reader', 'article'), name='visit_once_an_article')],
            },
        ),
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('written_at', models.DateTimeField()),
                ('body', models.TextField()),
                ('body_html', models.TextField(editable=False)),
                ('grounds', models.CharField(blank=True, choices=[('factual error', 'Factual error'), ('number', 'Number'), ('outdated', 'Outdated'), ('missing context', 'Missing context'), ('does not follow', 'Does not follow'), ('framing', 'Framing'), ('unsupported', 'Unsupported'), ('source does not say so', 'The source does not say so')], max_length=24)),
                ('would_change_my_mind', models.CharField(blank=True, max_length=1000)),
                ('sources', models.JSONField(default=list)),
                ('annotation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='wordings', to='annotations.annotation')),
            ],
            options={
                'ordering': ('annotation', 'version'),
                'constraints': [models.UniqueConstraint(fields=('annotation', 'version'), name='wording_once_a_version')],
            },
        ),
    ]
