"""Accounts that are to be removed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reader', '0008_sign_ins_and_letters'),
    ]

    operations = [
        migrations.CreateModel(
            name='Departure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_withdrawing', models.BooleanField()),
                ('announced_at', models.DateTimeField(auto_now_add=True)),
                ('due_at', models.DateTimeField()),
                ('reader', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='departure', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('due_at', 'id'),
            },
        ),
    ]
