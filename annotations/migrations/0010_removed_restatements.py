"""Another thing moderators do, of which the log keeps why: they remove what a reader said for another."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0009_notices_by_mail'),
    ]

    operations = [
        migrations.AlterField(
            model_name='moderationentry',
            name='action',
            field=models.CharField(choices=[('hide', 'Hidden'), ('restore', 'Restored'), ('keep', 'Looked at, kept'), ('place', 'Set on other words by hand'), ('remove', 'Removed another reader’s words for it')], max_length=8),
        ),
    ]
