"""Write down the names that accounts bear; until now only the accounts themselves told them."""

import hashlib

from django.db import migrations


def write_down(apps, schema_editor):
    alias = schema_editor.connection.alias
    users = apps.get_model("reader", "User").objects.using(alias)
    names = apps.get_model("reader", "Name")
    borne = (
        names(key=hashlib.sha256(skeleton.encode()).hexdigest(), username=username, reader_id=pk)
        for pk, username, skeleton in users.values_list("pk", "username", "username_skeleton").iterator()
    )
    names.objects.using(alias).bulk_create(borne, batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [("reader", "0006_names")]

    operations = [migrations.RunPython(write_down, migrations.RunPython.noop)]
