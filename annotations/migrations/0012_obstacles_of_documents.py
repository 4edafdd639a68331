"""Keep why a document was not found, or could not be looked at."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0011_mutes'),
    ]

    operations = [
        migrations.AddField(
            model_name='document',
            name='obstacle',
            field=models.CharField(blank=True, choices=[('robots', 'asks robots to stay away'), ('refused', 'does not let us in'), ('sign-in', 'asks visitors to sign in'), ('busy', 'asks us to come back another time'), ('untrusted', 'cannot prove that it is who it says'), ('not public', 'leads to where nothing is fetched from'), ('not found', 'has no such page any more'), ('no server', 'has no server any more'), ('no answer', 'does not answer')], max_length=10),
        ),
    ]
