from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sync", "0002_received_and_conflicts")]
    operations = [migrations.RenameField("devicedoor", "face", "look")]
