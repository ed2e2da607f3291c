package chat.sotto.edge;

import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.stage.AbstractInOutHandler;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.stream.stage.TimerGraphStageLogic;
import java.time.Duration;

/**
 * Passes on what comes, and completes when nothing came for too long though it was waited for.
 * Akka's own {@code idleTimeout} fails, for which Akka HTTP logs an error and answers 500 on every
 * connection that a browser opens and does not use.
 */
final class Silence<T> extends GraphStage<FlowShape<T, T>> {
  private static final String TIMER = "silence";

  private final Duration max;
  private final FlowShape<T, T> shape =
      new FlowShape<>(Inlet.create("in"), Outlet.create("out"));

  Silence(Duration max) {
    this.max = max;
  }

  @Override
  public FlowShape<T, T> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inherited) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    Logic() {
      super(shape);
      var handler =
          new AbstractInOutHandler() {
            @Override
            public void onPush() {
              cancelTimer(TIMER);
              push(shape.out(), grab(shape.in()));
            }

            @Override
            public void onPull() {
              pull(shape.in());
              scheduleOnce(TIMER, max);
            }
          };
      setHandler(shape.in(), handler);
      setHandler(shape.out(), handler);
    }

    @Override
    public void onTimer(Object timer) {
      completeStage();
    }
  }
}
