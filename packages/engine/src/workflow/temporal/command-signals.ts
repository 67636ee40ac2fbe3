import { defineSignal, setHandler } from '@temporalio/workflow';
import {
  SIGNAL_PAUSE,
  SIGNAL_RESUME,
  SIGNAL_SIGNAL,
  type ControlCommand,
  type SignalCommand,
} from '../../common/index.js';
import { Commands, type CommandsKept } from '../run/commands.js';

const signal = defineSignal<[SignalCommand]>(SIGNAL_SIGNAL);
const pause = defineSignal<[ControlCommand]>(SIGNAL_PAUSE);
const resume = defineSignal<[ControlCommand]>(SIGNAL_RESUME);

/** What the execution is told from now on, after what an earlier run was. */
export function listenToCommands(kept: CommandsKept | undefined): Commands {
  const commands = new Commands(kept);
  setHandler(signal, (command) => {
    commands.signal(command);
  });
  setHandler(pause, (command) => {
    commands.pause(command);
  });
  setHandler(resume, (command) => {
    commands.resume(command);
  });
  return commands;
}
