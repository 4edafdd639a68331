"""Keep with ratings the side their readers stood on, and with annotations the share that readers give them."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0013_archived_copies_taken_away'),
    ]

    operations = [
        migrations.AddField(
            model_name='annotation',
            name='rating_share',
            field=models.FloatField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='rating',
            name='side',
            field=models.CharField(choices=[('for', 'For the words'), ('against', 'Against the words'), ('none', 'Of no side')], default='none', max_length=7),
        ),
    ]
