"""Lines that wait for a moderator: restatements and remarks on sources, what the log says of them, and who is told."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Coalesce


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0021_rules_sites_and_templates'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='notice',
            name='notice_once_while_unread',
        ),
        migrations.AddField(
            model_name='moderationentry',
            name='answers',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='annotations.moderationentry'),
        ),
        migrations.AddField(
            model_name='notice',
            name='entry',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='annotations.moderationentry'),
        ),
        migrations.AddField(
            model_name='restatement',
            name='held',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='annotations.moderationentry'),
        ),
        migrations.AddField(
            model_name='sourceverdict',
            name='held',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='annotations.moderationentry'),
        ),
        migrations.AlterField(
            model_name='moderationentry',
            name='action',
            field=models.CharField(choices=[('hold', 'Held for a moderator'), ('approve', 'Approved'), ('deny', 'Sent back to its writer'), ('resubmit', 'Sent again by its writer'), ('hide', 'Hidden'), ('restore', 'Restored'), ('keep', 'Looked at, kept'), ('spam', 'Marked as spam'), ('remove', 'Removed'), ('uphold', 'Looked at again, and it stays so'), ('withdraw', 'Withdrawn by its writer'), ('reinstate', 'Withdrawal undone'), ('undo', 'Decision undone'), ('place', 'Set on other words by hand'), ('cut', 'Removed another reader’s words for it'), ('strike', 'Removed a reader’s remark on a source'), ('detain', 'Held a line beside it for a moderator'), ('pass', 'Let a line beside it stand'), ('suspend', 'Suspended'), ('lift', 'Suspension ended'), ('purge', 'Everything of an account marked as spam'), ('slow', 'Slowed down'), ('unlink', 'Took away an archived copy'), ('close', 'Closed to annotations'), ('open', 'Opened to annotations')], max_length=12),
        ),
        migrations.AlterField(
            model_name='notice',
            name='event',
            field=models.CharField(choices=[('answered', 'What you asked for has an answer'), ('declined', 'Your answer is not what was asked for'), ('restated', 'Your point was put in other words'), ('judged', 'What you put in other words was looked at'), ('resolved', 'An editor looked at what you disputed'), ('settled', 'The writer said whether that settles it'), ('moderated', 'A moderator decided about what you wrote'), ('reported', 'A moderator looked at what you reported'), ('line', 'A moderator looked at a line of yours')], max_length=10),
        ),
        migrations.AddIndex(
            model_name='restatement',
            index=models.Index(condition=models.Q(('held__isnull', False)), fields=['held'], name='restatement_held'),
        ),
        migrations.AddIndex(
            model_name='sourceverdict',
            index=models.Index(condition=models.Q(('held__isnull', False)), fields=['held'], name='verdict_held'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(models.F('reader'), models.F('event'), models.F('annotation'), models.F('actor'), Coalesce('entry', 0, output_field=models.BigIntegerField()), condition=models.Q(('read_at__isnull', True)), name='notice_once_while_unread'),
        ),
        migrations.AddConstraint(
            model_name='restatement',
            constraint=models.CheckConstraint(condition=models.Q(('held__isnull', True), ('judgement', ''), _connector='OR'), name='restatement_held_unjudged'),
        ),
        migrations.AddConstraint(
            model_name='sourceverdict',
            constraint=models.CheckConstraint(condition=models.Q(('held__isnull', True), models.Q(('remark', ''), _negated=True), _connector='OR'), name='verdict_held_for_a_remark'),
        ),
    ]
