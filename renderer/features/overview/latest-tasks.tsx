import { Link } from '@tanstack/react-router';
import { useTasks } from '../../client/use-task';
import { taskLooks } from '../../network/task-looks';
import { taskTitle } from '../../network/task-words';
import { StateMark } from '../../ui/badge';
import { Panel } from '../../ui/panel';
import { Elapsed } from '../../ui/time';

const SHOWN = 5;

/** What was done lately and how long it took. Left out where the window is low. */
export function LatestTasks() {
  const tasks = useTasks().tasks?.slice(0, SHOWN) ?? [];
  if (tasks.length === 0) return null;
  return (
    <Panel
      title="Tasks"
      note="newest first"
      className="latest-tasks"
      aside={
        <Link className="link" to="/tasks">
          Open tasks
        </Link>
      }
    >
      <table aria-label="Newest tasks">
        <tbody>
          {tasks.map((task) => (
            <tr key={task.id}>
              <td>
                <StateMark {...taskLooks[task.state]} quietWord />{' '}
                <Link to="/tasks" search={{ task: task.id }}>
                  {taskTitle(task)}
                </Link>
              </td>
              <td className="num soft">
                <Elapsed from={task.started} to={task.finished} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
