package chat.sotto.edge;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PlacesTest {
  @Test
  void givesSoManyToEachAndToAll() {
    var places = new Places<String>(2, 3);
    var first = places.take("a").orElseThrow();
    places.take("a").orElseThrow();
    assertTrue(places.take("a").isEmpty());
    places.take("b").orElseThrow();
    assertTrue(places.take("c").isEmpty());
    first.close();
    places.take("c").orElseThrow();
    assertTrue(places.take("a").isEmpty());
  }

  @Test
  void aPlaceThatIsGivenBackTwiceIsOnePlace() {
    var places = new Places<String>(1, 10);
    var place = places.take("a").orElseThrow();
    place.close();
    places.take("a").orElseThrow();
    place.close();
    assertTrue(places.take("a").isEmpty());
  }
}
