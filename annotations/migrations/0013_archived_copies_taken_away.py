"""Another thing moderators do, of which the log keeps why: they take away an archived copy that a reader gave."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0012_obstacles_of_documents'),
    ]

    operations = [
        migrations.AlterField(
            model_name='moderationentry',
            name='action',
            field=models.CharField(choices=[('hide', 'Hidden'), ('restore', 'Restored'), ('keep', 'Looked at, kept'), ('place', 'Set on other words by hand'), ('remove', 'Removed another reader’s words for it'), ('unlink', 'Took away an archived copy')], max_length=8),
        ),
    ]
