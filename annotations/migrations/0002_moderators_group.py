"""Make the group of moderators, with what they need in the admin and nothing more."""

from django.db import migrations

GROUP = "Moderators"

# Model, its name as people read it, and the permissions on it. Django makes the same rows after a whole `migrate`,
# which is too late to give them to a group here; it leaves alone those it finds.
PERMISSIONS = (
    ("annotation", ("view_annotation", "Can view annotation")),
    ("annotation", ("moderate_annotation", "Can hide and restore annotations")),
    ("flag", ("view_flag", "Can view report")),
    ("moderationentry", ("view_moderationentry", "Can view moderation log entry")),
    ("source", ("view_source", "Can view source")),
)


def make_group(apps, schema_editor):
    alias = schema_editor.connection.alias
    content_types = apps.get_model("contenttypes", "ContentType").objects.using(alias)
    permissions = apps.get_model("auth", "Permission").objects.using(alias)
    group, _ = apps.get_model("auth", "Group").objects.using(alias).get_or_create(name=GROUP)
    for model, (codename, name) in PERMISSIONS:
        content_type, _ = content_types.get_or_create(app_label="annotations", model=model)
        permission, _ = permissions.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": name}
        )
        group.permissions.add(permission)


def remove_group(apps, schema_editor):
    apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias).filter(name=GROUP).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0001_annotations"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_group, remove_group)]
