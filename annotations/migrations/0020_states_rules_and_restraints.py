"""The states of an annotation, the rules, appeals, suspensions, watched words, known sites and slow mode."""
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0015_exports'),
        ('reader', '0009_departures'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(max_length=1000)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='KnownSite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=255, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ('name',),
            },
        ),
        migrations.CreateModel(
            name='ReasonTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=80, unique=True)),
                ('rule', models.CharField(blank=True, choices=[('spam', 'Spam'), ('attack', 'Personal attack'), ('private', 'Private information'), ('off topic', 'Off topic'), ('misrepresented', 'Source misrepresented'), ('duplicate', 'Duplicate'), ('legal', 'Legal')], max_length=16)),
                ('words', models.TextField(help_text='Its writer reads them. Say what is wrong with the words.', max_length=1000)),
            ],
            options={
                'verbose_name': 'template of a reason',
                'verbose_name_plural': 'templates of reasons',
                'ordering': ('title',),
            },
        ),
        migrations.CreateModel(
            name='SlowMode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seconds', models.PositiveIntegerField(help_text='Between two annotations or answers of one reader.')),
                ('until', models.DateTimeField()),
                ('reason', models.CharField(max_length=1000)),
                ('created_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='Suspension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(choices=[('writing', 'Writing'), ('rating', 'Rating'), ('reporting', 'Reporting')], max_length=10)),
                ('until', models.DateTimeField()),
                ('reason', models.CharField(help_text='The reader is told.', max_length=1000)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('lifted_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('-id',),
            },
        ),
        migrations.CreateModel(
            name='WatchedTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(help_text='A word or a few, without regard to capitals.', max_length=100, unique=True)),
                ('note', models.CharField(blank=True, help_text='Why it is watched; only moderators read it.', max_length=300)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ('words',),
            },
        ),
        migrations.AddField(
            model_name='annotation',
            name='resubmission_count',
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='moderationentry',
            name='article',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='moderation_entries', to='reader.article'),
        ),
        migrations.AddField(
            model_name='moderationentry',
            name='batch',
            field=models.UUIDField(blank=True, db_index=True, null=True),
        ),
        migrations.AddField(
            model_name='moderationentry',
            name='reader',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries_about', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='moderationentry',
            name='role',
            field=models.CharField(choices=[('writer', 'Its writer'), ('moderator', 'A moderator'), ('rule', 'A rule of the site')], default='moderator', max_length=10),
        ),
        migrations.AddField(
            model_name='moderationentry',
            name='rule',
            field=models.CharField(blank=True, choices=[('spam', 'Spam'), ('attack', 'Personal attack'), ('private', 'Private information'), ('off topic', 'Off topic'), ('misrepresented', 'Source misrepresented'), ('duplicate', 'Duplicate'), ('legal', 'Legal')], max_length=16),
        ),
        migrations.AddField(
            model_name='moderationentry',
            name='undoes',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_by', to='annotations.moderationentry'),
        ),
        migrations.AlterField(
            model_name='annotation',
            name='state',
            field=models.CharField(choices=[('pending', 'Waiting for a moderator'), ('published', 'Published'), ('hidden', 'Hidden by a moderator'), ('denied', 'Sent back to its writer'), ('spam', 'Marked as spam'), ('removed', 'Removed by a moderator'), ('withdrawn', 'Withdrawn by its writer')], default='published', max_length=10),
        ),
        migrations.AlterField(
            model_name='flag',
            name='reason',
            field=models.CharField(choices=[('spam', 'Spam'), ('attack', 'Personal attack'), ('private', 'Private information'), ('off topic', 'Off topic'), ('misrepresented', 'Source misrepresented'), ('duplicate', 'Duplicate'), ('legal', 'Legal')], max_length=16),
        ),
        migrations.AlterField(
            model_name='moderationentry',
            name='action',
            field=models.CharField(choices=[('hold', 'Held for a moderator'), ('approve', 'Approved'), ('deny', 'Sent back to its writer'), ('resubmit', 'Sent again by its writer'), ('hide', 'Hidden'), ('restore', 'Restored'), ('keep', 'Looked at, kept'), ('spam', 'Marked as spam'), ('remove', 'Removed'), ('uphold', 'Looked at again, and it stays so'), ('withdraw', 'Withdrawn by its writer'), ('reinstate', 'Withdrawal undone'), ('undo', 'Decision undone'), ('place', 'Set on other words by hand'), ('cut', 'Removed another reader’s words for it'), ('suspend', 'Suspended'), ('lift', 'Suspension ended'), ('purge', 'Everything of an account marked as spam'), ('slow', 'Slowed down'), ('unlink', 'Took away an archived copy'), ('close', 'Closed to annotations'), ('open', 'Opened to annotations')], max_length=12),
        ),
        migrations.AlterField(
            model_name='moderationentry',
            name='annotation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='moderation_entries', to='annotations.annotation'),
        ),
        migrations.AlterField(
            model_name='moderationentry',
            name='from_state',
            field=models.CharField(blank=True, choices=[('pending', 'Waiting for a moderator'), ('published', 'Published'), ('hidden', 'Hidden by a moderator'), ('denied', 'Sent back to its writer'), ('spam', 'Marked as spam'), ('removed', 'Removed by a moderator'), ('withdrawn', 'Withdrawn by its writer')], max_length=10),
        ),
        migrations.AlterField(
            model_name='moderationentry',
            name='moderator',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='moderation_entries', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='moderationentry',
            name='reason',
            field=models.CharField(blank=True, max_length=1000),
        ),
        migrations.AlterField(
            model_name='moderationentry',
            name='to_state',
            field=models.CharField(blank=True, choices=[('pending', 'Waiting for a moderator'), ('published', 'Published'), ('hidden', 'Hidden by a moderator'), ('denied', 'Sent back to its writer'), ('spam', 'Marked as spam'), ('removed', 'Removed by a moderator'), ('withdrawn', 'Withdrawn by its writer')], max_length=10),
        ),
        migrations.AlterField(
            model_name='notice',
            name='event',
            field=models.CharField(choices=[('answered', 'What you asked for has an answer'), ('declined', 'Your answer is not what was asked for'), ('restated', 'Your point was put in other words'), ('judged', 'What you put in other words was looked at'), ('resolved', 'An editor looked at what you disputed'), ('settled', 'The writer said whether that settles it'), ('moderated', 'A moderator decided about what you wrote'), ('reported', 'A moderator looked at what you reported')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='moderationentry',
            constraint=models.CheckConstraint(condition=models.Q(('annotation__isnull', False), ('reader__isnull', False), ('article__isnull', False), _connector='OR'), name='moderation_entry_about_something'),
        ),
        migrations.AddField(
            model_name='appeal',
            name='annotation',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='appeal', to='annotations.annotation'),
        ),
        migrations.AddField(
            model_name='appeal',
            name='answered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='annotations.moderationentry'),
        ),
        migrations.AddField(
            model_name='appeal',
            name='entry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='annotations.moderationentry'),
        ),
        migrations.AddField(
            model_name='slowmode',
            name='article',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='slow_mode', to='reader.article'),
        ),
        migrations.AddField(
            model_name='slowmode',
            name='moderator',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='suspension',
            name='moderator',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='suspension',
            name='reader',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='suspensions', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='watchedterm',
            name='creator',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='suspension',
            index=models.Index(fields=['reader', 'scope', 'until'], name='suspension_by_reader'),
        ),
    ]
