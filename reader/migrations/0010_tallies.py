"""How often something was done lately, for limits."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reader', '0009_departures'),
    ]

    operations = [
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('key', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('moments', models.JSONField(default=list)),
                ('over_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'verbose_name_plural': 'tallies',
                'ordering': ('key',),
            },
        ),
    ]
