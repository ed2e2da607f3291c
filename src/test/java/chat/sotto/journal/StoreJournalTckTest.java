package chat.sotto.journal;

import akka.persistence.CapabilityFlag;
import akka.persistence.japi.journal.JavaJournalSpec;
import com.typesafe.config.Config;
import org.junit.runner.RunWith;
import org.scalatestplus.junit.JUnitRunner;

/** Akka's own test suite for journals. */
@RunWith(JUnitRunner.class)
public class StoreJournalTckTest extends JavaJournalSpec {
  public StoreJournalTckTest() {
    this(TestStore.config(TestStore.newFolder()));
  }

  private StoreJournalTckTest(Config config) {
    super(config);
  }

  @Override
  public CapabilityFlag supportsRejectingNonSerializableObjects() {
    return CapabilityFlag.off();
  }
}
