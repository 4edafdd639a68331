"""Documents, verdicts, requests, positions, restatements, resolutions, ratings and notices."""

import annotations.models.annotations
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0005_wordings_subscriptions_and_visits'),
        ('reader', '0005_facts_of_discarded_drafts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='annotation',
            name='is_bridging',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='annotation',
            name='is_settled',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='annotation',
            name='lot',
            field=models.PositiveIntegerField(default=annotations.models.annotations.draw_lot, editable=False),
        ),
        migrations.AddField(
            model_name='annotation',
            name='rating_count',
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='annotation',
            name='score',
            field=models.FloatField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='annotation',
            name='top_reasons',
            field=models.JSONField(default=list, editable=False),
        ),
        migrations.AddField(
            model_name='source',
            name='is_verified',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('canonical_url', models.CharField(db_index=True, max_length=2000)),
                ('status', models.CharField(blank=True, choices=[('alive', 'There'), ('moved', 'Moved'), ('changed', 'Changed since it was cited'), ('dead', 'No longer there'), ('blocked', 'Cannot be checked')], max_length=8)),
                ('checked_at', models.DateTimeField(blank=True, null=True)),
                ('http_status', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('found_title', models.CharField(blank=True, max_length=300)),
                ('found_on', models.DateField(blank=True, help_text='The date that the document bears.', null=True)),
                ('moved_to', models.CharField(blank=True, max_length=2000)),
                ('first_hash', models.CharField(blank=True, max_length=64)),
                ('content_hash', models.CharField(blank=True, max_length=64)),
                ('etag', models.CharField(blank=True, max_length=300)),
                ('last_modified', models.CharField(blank=True, max_length=100)),
                ('failure_count', models.PositiveSmallIntegerField(default=0)),
                ('check_after', models.DateTimeField(blank=True, null=True)),
                ('archived_url', models.CharField(blank=True, max_length=2000)),
                ('archive_sought_at', models.DateTimeField(blank=True, null=True)),
                ('archived_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('article', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='reader.article')),
                ('same_as', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='copies', to='annotations.document')),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.AddField(
            model_name='source',
            name='document',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sources', to='annotations.document'),
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event', models.CharField(choices=[('answered', 'What you asked for has an answer'), ('declined', 'Your answer is not what was asked for'), ('restated', 'Your point was put in other words'), ('judged', 'What you put in other words was looked at'), ('resolved', 'An editor looked at what you disputed'), ('settled', 'The writer said whether that settles it')], max_length=10)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('annotation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='annotations.annotation')),
                ('reader', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-id',),
            },
        ),
        migrations.CreateModel(
            name='Position',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_agreeing', models.BooleanField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('annotation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='positions', to='annotations.annotation')),
                ('reader', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='positions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.CharField(choices=[('helpful', 'Helpful'), ('somewhat', 'Somewhat'), ('not', 'Not helpful')], max_length=8)),
                ('reasons', models.JSONField(default=list)),
                ('weight', models.FloatField(default=1.0)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('annotation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='ratings', to='annotations.annotation')),
                ('reader', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ratings', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='Resolution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('corrected', 'Corrected'), ('acknowledged', 'Acknowledged'), ('answered', 'Answered')], max_length=12)),
                ('remark', models.CharField(blank=True, max_length=1000)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('is_settling', models.BooleanField(blank=True, null=True)),
                ('settling_said_at', models.DateTimeField(blank=True, null=True)),
                ('annotation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='resolutions', to='annotations.annotation')),
                ('editor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='resolutions', to=settings.AUTH_USER_MODEL)),
                ('revision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reader.revision')),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='Restatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('body', models.CharField(max_length=600)),
                ('judgement', models.CharField(blank=True, choices=[('fair', 'Fair'), ('not quite', 'Not quite')], max_length=10)),
                ('judged_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('annotation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='restatements', to='annotations.annotation')),
                ('creator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='restatements', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='SameStory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_same', models.BooleanField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('first', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='annotations.document')),
                ('reader', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='same_stories', to=settings.AUTH_USER_MODEL)),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='annotations.document')),
            ],
            options={
                'verbose_name_plural': 'same stories',
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='SourceVerdict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verdict', models.CharField(choices=[('supports', 'Supports it'), ('partly', 'Partly'), ('does not say', 'Does not say this'), ('could not open', 'Could not open it')], max_length=16)),
                ('remark', models.CharField(blank=True, max_length=300)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('reader', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='source_verdicts', to=settings.AUTH_USER_MODEL)),
                ('source', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='verdicts', to='annotations.source')),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('declined_at', models.DateTimeField(blank=True, null=True)),
                ('annotation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answered_questions', to='annotations.annotation')),
                ('creator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('declined_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('question', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='given_answers', to='annotations.annotation')),
            ],
            options={
                'ordering': ('id',),
                'constraints': [models.UniqueConstraint(fields=('question', 'annotation'), name='answer_once_an_annotation')],
            },
        ),
        migrations.CreateModel(
            name='Ask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('question', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='asks', to='annotations.annotation')),
                ('reader', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='asks', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('id',),
                'constraints': [models.UniqueConstraint(fields=('question', 'reader'), name='ask_once_a_reader')],
            },
        ),
        migrations.CreateModel(
            name='ChangeOfMind',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('annotation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='changes_of_mind', to='annotations.annotation')),
                ('reader', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes_of_mind', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'changes of mind',
                'ordering': ('id',),
                'constraints': [models.UniqueConstraint(fields=('annotation', 'reader'), name='mind_changed_once')],
            },
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['check_after'], name='document_by_check'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(fields=('article', 'canonical_url'), name='document_once_an_article'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['reader', '-id'], name='notice_by_reader'),
        ),
        migrations.AddConstraint(
            model_name='position',
            constraint=models.UniqueConstraint(fields=('annotation', 'reader'), name='position_once_a_reader'),
        ),
        migrations.AddIndex(
            model_name='rating',
            index=models.Index(fields=['reader', '-changed_at'], name='rating_by_reader'),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.UniqueConstraint(fields=('annotation', 'reader'), name='rating_once_a_reader'),
        ),
        migrations.AddConstraint(
            model_name='resolution',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'corrected'), ('revision__isnull', False)), models.Q(models.Q(('outcome', 'corrected'), _negated=True), ('revision__isnull', True)), _connector='OR'), name='resolution_corrected_by_a_revision'),
        ),
        migrations.AddConstraint(
            model_name='restatement',
            constraint=models.UniqueConstraint(fields=('annotation', 'creator'), name='restated_once_a_reader'),
        ),
        migrations.AddConstraint(
            model_name='samestory',
            constraint=models.UniqueConstraint(fields=('first', 'second', 'reader'), name='same_story_once_a_reader'),
        ),
        migrations.AddConstraint(
            model_name='samestory',
            constraint=models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='same_story_in_order'),
        ),
        migrations.AddConstraint(
            model_name='sourceverdict',
            constraint=models.UniqueConstraint(fields=('source', 'reader'), name='verdict_once_a_reader'),
        ),
    ]
