from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_queued_mail'),
    ]

    operations = [
        migrations.AddField(
            model_name='queuedmail',
            name='is_in_doubt',
            field=models.BooleanField(default=False),
        ),
    ]
