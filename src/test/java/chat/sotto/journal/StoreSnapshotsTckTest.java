package chat.sotto.journal;

import akka.persistence.japi.snapshot.JavaSnapshotStoreSpec;
import com.typesafe.config.Config;
import org.junit.runner.RunWith;
import org.scalatestplus.junit.JUnitRunner;

/** Akka's own test suite for snapshot stores. */
@RunWith(JUnitRunner.class)
public class StoreSnapshotsTckTest extends JavaSnapshotStoreSpec {
  public StoreSnapshotsTckTest() {
    this(TestStore.config(TestStore.newFolder()));
  }

  private StoreSnapshotsTckTest(Config config) {
    super(config);
  }
}
