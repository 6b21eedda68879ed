# Tour of the sandbox with Debian's ruby-gitlab, which sends form bodies where the others send JSON.
#
# usage: ruby tour.rb URL     prints "N passed, N failed"; exit status 1 if anything failed
require 'gitlab'
require 'json'
require 'net/http'
require 'securerandom'

URL = ARGV.fetch(0).chomp('/')
STEPS = []

def step(name, &block)
  STEPS << [name, block]
end

def client(token = 'glpat-sandbox-alice-api')
  Gitlab.client(endpoint: "#{URL}/api/v4", private_token: token)
end

def unique(name)
  "#{name}-#{SecureRandom.hex(4)}"
end

def control(path, body)
  answer = Net::HTTP.post(URI("#{URL}/-/sandbox/#{path}"), body.to_json,
                          'Content-Type' => 'application/json')
  raise "#{path}: #{answer.code}" unless answer.code == '200'

  JSON.parse(answer.body)
end

def equal(got, wanted)
  raise "got #{got.inspect}, wanted #{wanted.inspect}" unless got == wanted
end

def refused(kind, words = '')
  yield
rescue kind => e
  raise "#{words.inspect} is not in #{e.message.inspect}" unless e.message.include?(words)
else
  raise "no #{kind}"
end

def finished(gitlab, project, id)
  100.times do
    pipeline = gitlab.pipeline(project, id)
    return pipeline if %w[success failed canceled skipped manual].include?(pipeline.status)

    control('clock', advanceMs: 250)
  end
  raise 'the pipeline never ended'
end

step 'own user and version' do
  equal client.user.username, 'alice'
  equal client.version.version, '19.5.0-ee'
  refused(Gitlab::Error::Unauthorized, '401 Unauthorized') { client('nonsense').user }
  refused(Gitlab::Error::Forbidden) { client('glpat-sandbox-alice-read-user').projects }
end

step 'projects over pages' do
  gitlab = client
  name = unique('ruby')
  made = gitlab.create_project(name, description: 'from a form', initialize_with_readme: true,
                                     topics: %w[a b])
  equal [made.path, made.default_branch, made.topics], [name, 'main', %w[a b]]
  refused(Gitlab::Error::BadRequest, 'has already been taken') { gitlab.create_project(name) }
  refused(Gitlab::Error::NotFound, '404 Project Not Found') { gitlab.project('no/where') }
  equal gitlab.project("alice/#{name}").id, made.id
  page = gitlab.projects(membership: true, per_page: 2)
  equal page.length, 2
  ids = page.auto_paginate.map(&:id)
  equal ids.uniq.length, ids.length
  raise 'too few' if ids.length < 4
end

step 'issues by form' do
  gitlab = client
  project = gitlab.create_project(unique('issues')).id
  issue = gitlab.create_issue(project, 'Disk & "memory" ü', labels: 'a,b', assignee_ids: [2],
                                                            description: "line\nline+%")
  equal [issue.title, issue.labels, issue.description],
        ['Disk & "memory" ü', %w[a b], "line\nline+%"]
  equal issue.assignees.map { |user| user['username'] }, ['alice']
  equal gitlab.close_issue(project, issue.iid).state, 'closed'
  equal gitlab.reopen_issue(project, issue.iid).state, 'opened'
  changed = gitlab.edit_issue(project, issue.iid, labels: '', confidential: true,
                                                    due_date: '2031-05-06')
  equal [changed.labels, changed.confidential, changed.due_date], [[], true, '2031-05-06']
  3.times { |number| gitlab.create_issue(project, "more #{number}") }
  equal gitlab.issues(project, per_page: 1).auto_paginate.map(&:iid), [4, 3, 2, 1]
  equal gitlab.issues(project, confidential: true).map(&:iid), [1]
  refused(Gitlab::Error::NotFound, '404 Not found') { gitlab.issue(project, 99) }
  refused(Gitlab::Error::BadRequest, 'state does not have a valid value') do
    gitlab.issues(project, state: 'open')
  end
  note = gitlab.create_issue_note(project, issue.iid, 'a note')
  equal gitlab.issue_notes(project, issue.iid).map(&:body).include?('a note'), true
  equal gitlab.issue_note(project, issue.iid, note.id).author.username, 'alice'
end

step 'labels, milestones, branches' do
  gitlab = client
  project = gitlab.create_project(unique('parts'), initialize_with_readme: true).id
  gitlab.create_label(project, 'x', '#123456')
  refused(Gitlab::Error::Conflict, 'Label already exists') do
    gitlab.create_label(project, 'x', '#123456')
  end
  equal gitlab.create_milestone(project, 'M').title, 'M'
  equal gitlab.milestones(project).length, 1
  equal gitlab.create_branch(project, 'dev/x', 'main').name, 'dev/x'
  equal gitlab.branches(project).map(&:name), ['dev/x', 'main']
  equal gitlab.branch(project, 'dev/x').default, false
  gitlab.delete_branch(project, 'dev/x')
end

step 'pipelines to the end' do
  gitlab = client
  project = gitlab.project('ops/runbooks').id
  made = gitlab.create_pipeline(project, 'main', SANDBOX_RESULT: 'warnings')
  equal made.status, 'created'
  done = finished(gitlab, project, made.id)
  equal [done.status, done.detailed_status.group], ['success', 'success-with-warnings']
  jobs = gitlab.pipeline_jobs(project, made.id)
  equal jobs.map(&:status).sort, %w[failed success success]
  raise 'no trace' unless gitlab.job_trace(project, jobs.first.id).include?('Job succeeded')

  refused(Gitlab::Error::BadRequest, 'Reference not found') do
    gitlab.create_pipeline(project, 'nope')
  end
  running = gitlab.create_pipeline(project, 'main')
  gitlab.cancel_pipeline(project, running.id)
  equal finished(gitlab, project, running.id).status, 'canceled'
  equal finished(gitlab, project, gitlab.retry_pipeline(project, running.id).id).status, 'success'
end

step 'members, groups and invitations' do
  gitlab = client
  group = gitlab.create_group('Ruby', unique('ruby'))
  equal gitlab.add_group_member(group.id, 5, 30).access_level, 30
  refused(Gitlab::Error::Conflict, 'Member already exists') do
    gitlab.add_group_member(group.id, 5, 30)
  end
  equal gitlab.edit_group_member(group.id, 5, 20).access_level, 20
  project = gitlab.create_project(unique('members'), namespace_id: group.id).id
  refused(Gitlab::Error::BadRequest, 'inherited membership from group Ruby') do
    gitlab.add_team_member(project, 5, 10)
  end
  equal gitlab.add_team_member(project, 5, 40).access_level, 40
  equal gitlab.team_members(project).map(&:username).include?('carol'), true
  equal gitlab.all_members(project).length >= 2, true
  gitlab.remove_team_member(project, 5)
  answer = gitlab.post("/groups/#{group.id}/invitations",
                       body: { email: 'a+b@example.org,carol@example.com', access_level: 30 })
  equal answer.status, 'success'
  equal gitlab.group_member(group.id, 5).access_level, 30
  equal gitlab.get("/groups/#{group.id}/invitations").map(&:invite_email), ['a+b@example.org']
  gitlab.remove_group_member(group.id, 5)
  refused(Gitlab::Error::NotFound) { gitlab.group_member(group.id, 5) }
end

step 'hooks and users' do
  gitlab = client
  project = gitlab.create_project(unique('hooks')).id
  hook = gitlab.add_project_hook(project, 'http://127.0.0.1:1/x',
                                 pipeline_events: true, push_events: false)
  equal [hook.pipeline_events, hook.push_events], [true, false]
  equal gitlab.project_hooks(project).map(&:id), [hook.id]
  gitlab.delete_project_hook(project, hook.id)
  equal gitlab.users(username: 'bob').map(&:name), ['Bob Baker']
  equal gitlab.user(3).username, 'bob'
end

step 'errors of the server' do
  control('faults', kind: 'server-error', path: '/version', status: 500)
  refused(Gitlab::Error::InternalServerError, '500 Internal Server Error') { client.version }
  control('faults', kind: 'throttle', path: '/version')
  refused(Gitlab::Error::TooManyRequests) { client.version }
  control('faults', kind: 'resource-lock', method: 'PUT', path: '/issues/1')
  refused(Gitlab::Error::Conflict, 'Resource lock') do
    client.edit_issue('ops/incidents', 1, title: 'x')
  end
end

passed = failed = 0
STEPS.each do |name, block|
  block.call
  passed += 1
rescue StandardError => e
  failed += 1
  where = e.backtrace.grep(/tour/).first(4).join("\n  ")
  puts "FAILED #{name}\n  #{e.class}: #{e.message}\n  #{where}"
end
puts "ruby-gitlab #{Gitlab::VERSION}: #{STEPS.length} steps"
puts "#{passed} passed, #{failed} failed"
exit(failed.zero? ? 0 : 1)
