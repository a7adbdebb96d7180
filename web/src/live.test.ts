import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Live } from "./live";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function abortable<T>(signal: AbortSignal, ms: number, value: T): Promise<T> {
  return new Promise((resolve, reject) => {
    setTimeout(() => resolve(value), ms);
    signal.addEventListener("abort", () => reject(new DOMException("gone", "AbortError")));
  });
}

describe("Live", () => {
  it("asks once, after it has been still", async () => {
    const ask = vi.fn((signal: AbortSignal) => abortable(signal, 10, "7"));
    const answered = vi.fn();
    const live = new Live(ask, answered, vi.fn(), 250);
    live.changed();
    await vi.advanceTimersByTimeAsync(200);
    live.changed();
    await vi.advanceTimersByTimeAsync(200);
    expect(ask).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(100);
    expect(ask).toHaveBeenCalledTimes(1);
    expect(answered).toHaveBeenCalledExactlyOnceWith("7");
  });

  it("drops the question on its way when drawing goes on", async () => {
    const signals: AbortSignal[] = [];
    const ask = (signal: AbortSignal) => {
      signals.push(signal);
      return abortable(signal, 100, signals.length);
    };
    const [answered, failed] = [vi.fn(), vi.fn()];
    const live = new Live(ask, answered, failed, 250);
    live.changed();
    await vi.advanceTimersByTimeAsync(300);
    live.changed();
    expect(signals[0]!.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(1000);
    expect(answered).toHaveBeenCalledExactlyOnceWith(2);
    expect(failed).not.toHaveBeenCalled();
  });

  it("ignores an answer that comes in spite of being stopped", async () => {
    const answered = vi.fn();
    const live = new Live(() => new Promise<number>((resolve) => setTimeout(() => resolve(1), 50)), answered, vi.fn(), 10);
    live.changed();
    await vi.advanceTimersByTimeAsync(20);
    live.stop();
    await vi.advanceTimersByTimeAsync(200);
    expect(answered).not.toHaveBeenCalled();
  });

  it("tells of failures", async () => {
    const failed = vi.fn();
    const live = new Live(() => Promise.reject(new Error("down")), vi.fn(), failed, 10);
    live.changed();
    await vi.advanceTimersByTimeAsync(20);
    expect(failed).toHaveBeenCalledOnce();
  });
});
